package io.crossfade.api.plugin;

import java.net.SocketAddress;
import java.util.concurrent.CompletionStage;

/** What a plugin may know of a client session. Event-loop confined. */
public interface SessionView {
  /** The proxy's own number of this session, never reused within a process. */
  long id();

  /** MySQL's connection id of this session. */
  long connectionId();

  /** The user name the client authenticated with. */
  String user();

  /** The client's address. */
  SocketAddress client();

  /** The current database, empty when none. */
  String database();

  /** What the last answer said of the transaction. */
  TransactionState transaction();

  /**
   * The capability flags negotiated with the client, which the packets of a result depend on;
   * negative when they are not known.
   */
  default long capabilities() {
    return -1;
  }

  /** Whether the last answer had SERVER_STATUS_AUTOCOMMIT set. */
  boolean autocommit();

  /**
   * The session variables that reads and lexing depend on. Asks MySQL on this very session when
   * they may have changed since (only possible before a SELECT or an {@link Exchange#askable}
   * command is forwarded; see {@link Interceptor#before}).
   */
  CompletionStage<SessionFacts> facts();

  /** Transaction state by SERVER_STATUS_IN_TRANS; unknown after an ERR packet. */
  enum TransactionState {
    NONE,
    OPEN,
    UNKNOWN
  }
}
