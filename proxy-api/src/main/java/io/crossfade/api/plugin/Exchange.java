package io.crossfade.api.plugin;

import io.crossfade.api.sql.SqlAnalyzer.Analyzed;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One command of a client and what is known of it. Event-loop confined. */
public interface Exchange {
  /** The session. */
  SessionView session();

  /** How the command came. */
  Protocol protocol();

  /** The protocol's command byte (COM_QUERY = 3, …). */
  int command();

  /**
   * The statements of the command with their values; parameters of a prepared statement are bound
   * (no {@link Analyzed#PARAMETER} is left). Empty when the command has no text the proxy could
   * read: treat it as able to do anything.
   */
  List<Analyzed> statements();

  /**
   * Whether the proxy can take {@link Verdict#answer} for this command: not for a cursor, for
   * parameters sent ahead in pieces, or for what is not a single SELECT. Where it says true an
   * answer may still be declined; {@link Interceptor#after} then reports MySQL's.
   */
  default boolean answerable() {
    return true;
  }

  /**
   * Whether {@link #ask} is possible for this command, unnoticed by the client: it is one INSERT,
   * REPLACE, UPDATE or DELETE inside an open transaction that may write, and neither reads what the
   * statement before left behind nor is the client told what happens in its transactions.
   */
  default boolean askable() {
    return false;
  }

  /**
   * Asks MySQL on this very session, ahead of the command. The client sees nothing of it: what it
   * could tell a question by, FOUND_ROWS(), is put back. The time until the reply does not count as
   * the plugin's. Only while {@link Interceptor#before} decides.
   *
   * @param sql one SELECT, in the session's client character set
   * @return completes on the event loop; fails when it was not {@link #askable}
   */
  default CompletionStage<Reply> ask(byte[] sql) {
    return CompletableFuture.failedFuture(new IllegalStateException("nothing can be asked now"));
  }

  /** Text protocol or binary protocol results. */
  enum Protocol {
    TEXT,
    BINARY
  }
}
