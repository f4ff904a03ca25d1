package io.crossfade.server.session;

import io.crossfade.api.plugin.SessionFacts;
import io.crossfade.api.plugin.SessionView;
import io.crossfade.api.sql.SqlMode;
import io.crossfade.server.protocol.AnswerEnd;
import io.crossfade.server.protocol.Handshake;
import io.crossfade.server.protocol.ServerStatus;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the relay knows of a session after its login. Event-loop confined. */
final class SessionState implements SessionView {
  private final long id;
  private final SocketAddress client;
  private final Handshake server;
  private final long capabilities;
  private String user;
  private String database;
  private boolean databaseKnown = true;
  private boolean multiStatements;
  private boolean transactionsTold;
  private TransactionState transaction = TransactionState.NONE;
  private int status;
  private @Nullable SessionFacts facts;
  private Supplier<CompletionStage<SessionFacts>> factsSource =
      () ->
          CompletableFuture.failedFuture(
              new IllegalStateException("session variables can only be asked for before a SELECT"));

  SessionState(
      long id,
      SocketAddress client,
      Handshake server,
      long capabilities,
      boolean multiStatements,
      String user,
      String database) {
    this.id = id;
    this.client = client;
    this.server = server;
    this.capabilities = capabilities;
    this.multiStatements = multiStatements;
    this.user = user;
    this.database = database;
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public long connectionId() {
    return server.connectionId();
  }

  @Override
  public String user() {
    return user;
  }

  @Override
  public SocketAddress client() {
    return client;
  }

  @Override
  public String database() {
    return database;
  }

  @Override
  public TransactionState transaction() {
    return transaction;
  }

  @Override
  public boolean autocommit() {
    return (status & ServerStatus.AUTOCOMMIT) != 0;
  }

  @Override
  public CompletionStage<SessionFacts> facts() {
    SessionFacts known = facts;
    return known != null ? CompletableFuture.completedFuture(known) : factsSource.get();
  }

  /** How the text of the session is read; unknown while the variables are. */
  SqlMode sqlMode() {
    return facts == null ? SqlMode.UNKNOWN : facts.lexerMode();
  }

  Handshake server() {
    return server;
  }

  @Override
  public long capabilities() {
    return capabilities;
  }

  /** The status flags of the last answer that had some. */
  int status() {
    return status;
  }

  /** Takes note of the end of an answer. */
  void apply(AnswerEnd end) {
    if (end.error() != 0) {
      transaction = TransactionState.UNKNOWN;
    } else if (end.status() >= 0) {
      status = end.status();
      transaction = end.has(ServerStatus.IN_TRANS) ? TransactionState.OPEN : TransactionState.NONE;
      transactionsTold |= end.changes().transaction();
      String schema = end.schema();
      if (schema != null) {
        database(schema);
      }
    }
  }

  /** Whether the client was ever told what happens in its transactions: also by a question. */
  boolean transactionsTold() {
    return transactionsTold;
  }

  void database(String name) {
    database = name;
    databaseKnown = true;
  }

  void databaseUnknown() {
    databaseKnown = false;
  }

  boolean databaseKnown() {
    return databaseKnown;
  }

  void account(String newUser, String newDatabase) {
    user = newUser;
    database(newDatabase);
    variablesChanged();
  }

  void multiStatementsAllowed() {
    multiStatements = true;
  }

  boolean multiStatements() {
    return multiStatements;
  }

  /** Session variables may differ from what is known. */
  void variablesChanged() {
    facts = null;
  }

  boolean factsKnown() {
    return facts != null;
  }

  void facts(SessionFacts newFacts) {
    facts = newFacts;
  }

  void factsSource(Supplier<CompletionStage<SessionFacts>> source) {
    factsSource = source;
  }
}
