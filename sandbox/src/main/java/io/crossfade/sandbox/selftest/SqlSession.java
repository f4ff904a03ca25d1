package io.crossfade.sandbox.selftest;

import com.mysql.cj.jdbc.JdbcStatement;
import io.crossfade.sandbox.selftest.grammar.SessionScript;
import io.crossfade.sandbox.selftest.grammar.Step;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Carries out a script, whatever MySQL answers; reconnects when the connection is gone. */
final class SqlSession implements Runnable {
  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Login login;
  private final String schema;
  private final SessionScript script;
  private final Counts counts;
  private final Trace trace;
  private final BooleanSupplier running;
  private @Nullable Connection connection;

  SqlSession(
      Login login,
      String schema,
      SessionScript script,
      Counts counts,
      Trace trace,
      BooleanSupplier running) {
    this.login = login;
    this.schema = schema;
    this.script = script;
    this.counts = counts;
    this.trace = trace;
    this.running = running;
  }

  @Override
  public void run() {
    while (running.getAsBoolean()) {
      Connection c = connected();
      if (c != null) {
        step(c, script.next());
      }
    }
    close();
  }

  private @Nullable Connection connected() {
    if (connection != null) {
      return connection;
    }
    try {
      connection = login.connect(schema);
      counts.event("connections");
    } catch (SQLException e) {
      counts.event("refused connections");
      LockSupport.parkNanos(RETRY_NANOS);
    }
    return connection;
  }

  private void step(Connection c, Step step) {
    counts.statement(step.kind());
    try {
      switch (step.way()) {
        case TEXT -> text(c, step);
        case PREPARED -> prepared(c, step);
        case CUT -> cut(c);
      }
      trace.done(step);
    } catch (SQLException e) {
      trace.failed(step, e);
      failed(c, e);
    }
  }

  private static void text(Connection c, Step step) throws SQLException {
    try (Statement s = c.createStatement()) {
      if (!step.data().isEmpty()) {
        s.unwrap(JdbcStatement.class)
            .setLocalInfileInputStream(
                new ByteArrayInputStream(step.data().getBytes(StandardCharsets.UTF_8)));
      }
      drain(s, s.execute(step.sql()));
    }
  }

  private static void prepared(Connection c, Step step) throws SQLException {
    try (PreparedStatement s = c.prepareStatement(step.sql())) {
      for (int i = 0; i < step.parameters().size(); i++) {
        Literal.bind(s, i + 1, step.parameters().get(i));
      }
      drain(s, s.execute());
    }
  }

  private static void drain(Statement s, boolean first) throws SQLException {
    boolean rows = first;
    while (rows || s.getUpdateCount() != -1) {
      if (rows) {
        try (ResultSet r = s.getResultSet()) {
          while (r.next()) {
            r.getBytes(1);
          }
        }
      }
      rows = s.getMoreResults();
    }
  }

  /** As a process that dies: no word to the server. */
  private void cut(Connection c) throws SQLException {
    connection = null;
    c.abort(Runnable::run);
    counts.event("connections cut");
  }

  private void failed(Connection c, SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    counts.error(e.getErrorCode(), state);
    String message = String.valueOf(e.getMessage());
    if (message.startsWith("Crossfade")) {
      counts.finding("the proxy refused a statement: " + message);
    }
    if (state.startsWith("08") || closed(c)) {
      counts.event("connections lost");
      close();
    }
  }

  private static boolean closed(Connection c) {
    try {
      return c.isClosed();
    } catch (SQLException e) {
      return true;
    }
  }

  private void close() {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        counts.event("connections that did not close");
      }
      connection = null;
    }
  }
}
