package io.crossfade.dualwrite.witness;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.plugin.Exchange;
import io.crossfade.api.plugin.Outcome;
import io.crossfade.api.plugin.SessionFacts;
import io.crossfade.api.plugin.SessionView;
import io.crossfade.api.plugin.Verdict;
import io.crossfade.api.sql.DruidSqlAnalyzer;
import io.crossfade.api.sql.SqlAnalyzer.Analyzed;
import io.crossfade.api.sql.SqlMode;
import io.crossfade.dualwrite.capture.CaptureInterceptor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A real connection to MySQL, whose commands pass a capture as the relay would have them pass. */
final class ProxiedSession implements SessionView, AutoCloseable {
  private static final DruidSqlAnalyzer ANALYZER = new DruidSqlAnalyzer();

  private final Connection connection;
  private final String schema;
  private final long connectionId;
  private final CaptureInterceptor capture;
  private TransactionState state = TransactionState.NONE;

  ProxiedSession(
      Connection connection, String schema, Function<ProxiedSession, CaptureInterceptor> capture)
      throws SQLException {
    this.connection = connection;
    this.schema = schema;
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT CONNECTION_ID()")) {
      row.next();
      this.connectionId = row.getLong(1);
    }
    this.capture = capture.apply(this);
  }

  /** Runs statements, one command each. */
  void run(String... statements) throws SQLException {
    for (String sql : statements) {
      run(sql);
    }
  }

  private void run(String sql) throws SQLException {
    List<Analyzed> analyzed =
        ANALYZER.analyze(sql.getBytes(StandardCharsets.UTF_8), schema, SqlMode.DEFAULT);
    Exchange exchange = new Command(this, analyzed);
    assertThat(
            capture.before(exchange).toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join())
        .isEqualTo(Verdict.forward());
    int error = 0;
    try {
      unseen(sql);
      state = after(sql);
    } catch (SQLException e) {
      error = e.getErrorCode();
      state = TransactionState.UNKNOWN;
    }
    capture.after(exchange, new Outcome(error, state == TransactionState.OPEN, 1, 0, null));
  }

  private TransactionState after(String sql) {
    if (sql.startsWith("BEGIN") || sql.startsWith("XA START")) {
      return TransactionState.OPEN;
    }
    boolean ends =
        sql.equals("COMMIT")
            || sql.equals("ROLLBACK")
            || sql.startsWith("XA PREPARE")
            || sql.startsWith("XA COMMIT")
            || sql.startsWith("TRUNCATE")
            || sql.startsWith("ALTER");
    return ends || state == TransactionState.UNKNOWN ? TransactionState.NONE : state;
  }

  /** Runs a statement on the session's connection that the capture does not get to see. */
  void unseen(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** MySQL has gone. */
  void lost() {
    capture.closed();
  }

  @Override
  public void close() throws SQLException {
    capture.closed();
    connection.close();
  }

  private record Command(SessionView session, List<Analyzed> statements) implements Exchange {
    @Override
    public Protocol protocol() {
      return Protocol.TEXT;
    }

    @Override
    public int command() {
      return 3;
    }
  }

  @Override
  public long id() {
    return connectionId;
  }

  @Override
  public long connectionId() {
    return connectionId;
  }

  @Override
  public String user() {
    return "app";
  }

  @Override
  public SocketAddress client() {
    return InetSocketAddress.createUnresolved("localhost", 1);
  }

  @Override
  public String database() {
    return schema;
  }

  @Override
  public TransactionState transaction() {
    return state;
  }

  @Override
  public boolean autocommit() {
    return true;
  }

  @Override
  public CompletionStage<SessionFacts> facts() {
    return CompletableFuture.failedFuture(new UnsupportedOperationException());
  }
}
