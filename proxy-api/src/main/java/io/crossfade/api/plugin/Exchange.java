package io.crossfade.api.plugin;

import io.crossfade.api.sql.SqlAnalyzer.Analyzed;
import java.util.List;

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

  /** Text protocol or binary protocol results. */
  enum Protocol {
    TEXT,
    BINARY
  }
}
