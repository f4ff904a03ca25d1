package io.crossfade.bench.soak;

import com.mysql.cj.jdbc.JdbcConnection;
import com.mysql.cj.jdbc.exceptions.MySQLStatementCancelledException;
import io.crossfade.bench.soak.Traffic.Kind;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What applications do when they fail, and what strangers do. Thread-safe. */
final class RudeActions {
  private static final int QUERY_INTERRUPTED = 1317;
  private static final int NO_SUCH_THREAD = 1094;
  private static final int ACCESS_DENIED = 1045;
  private static final String ENDLESS = "SELECT id FROM one WHERE SLEEP(100)";

  /** Users of the follower table that only these actions write. */
  private static final long FIRST_USER = 3_000_000_000L;

  private final Database database;

  RudeActions(Database database) {
    this.database = database;
  }

  List<Kind> kinds() {
    return List.of(
        new Kind("cancelled query", 3, this::cancelled),
        new Kind("query timeout", 1, this::timedOut),
        new Kind("KILL QUERY", 2, r -> killed("KILL QUERY ")),
        new Kind("KILL", 2, r -> killed("KILL ")),
        new Kind("disconnect in mid-result", 4, this::midResult),
        new Kind("disconnect while waiting", 2, this::whileWaiting),
        new Kind("disconnect in a transaction on the watched table", 3, this::watched),
        new Kind("wrong password", 3, this::wrongPassword),
        new Kind("stranger", 8, this::stranger));
  }

  private void cancelled(SplittableRandom random) throws Exception {
    String tls = random.nextBoolean() ? "REQUIRED" : "DISABLED";
    try (Connection c = database.connect("sslMode=" + tls);
        Statement s = c.createStatement()) {
      untilDone(interrupted(s), s::cancel);
      if (!c.isValid(60)) {
        throw new IllegalStateException("the session did not survive the cancelled query");
      }
    }
  }

  private static CompletableFuture<Void> interrupted(Statement s) {
    return CompletableFuture.runAsync(
        () -> {
          try (ResultSet r = s.executeQuery(ENDLESS)) {
            throw new IllegalStateException("a killed query answered");
          } catch (SQLException e) {
            if (!(e instanceof MySQLStatementCancelledException)
                && e.getErrorCode() != QUERY_INTERRUPTED
                && !isLost(e)) {
              throw new IllegalStateException("a killed query ended by " + e, e);
            }
          }
        });
  }

  private static boolean isLost(SQLException e) {
    String state = e.getSQLState();
    return state != null && state.startsWith("08");
  }

  private interface Kill {
    void run() throws SQLException;
  }

  /** Again and again, because one that comes before the query hits nothing. */
  private static void untilDone(CompletableFuture<Void> query, Kill kill) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(150));
      if (query.isDone()) {
        break;
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("a killed query does not end");
      }
      kill.run();
    }
    try {
      query.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private void timedOut(SplittableRandom random) throws SQLException {
    try (Connection c = database.connect("");
        Statement s = c.createStatement()) {
      s.setQueryTimeout(1);
      s.executeQuery(ENDLESS).close();
      throw new IllegalStateException("a query outlived its time limit");
    } catch (java.sql.SQLTimeoutException e) {
      return;
    }
  }

  private void killed(String how) throws Exception {
    try (Connection c = database.connect("");
        Statement s = c.createStatement()) {
      long id = ((JdbcConnection) c).getSession().getThreadId();
      try (Connection other = database.connect("");
          Statement kill = other.createStatement()) {
        untilDone(interrupted(s), () -> kill(kill, how + id));
      }
    }
  }

  private static void kill(Statement s, String sql) throws SQLException {
    try {
      s.execute(sql);
    } catch (SQLException e) {
      if (e.getErrorCode() != NO_SUCH_THREAD) {
        throw e;
      }
    }
  }

  private void midResult(SplittableRandom random) throws SQLException {
    boolean prepared = random.nextBoolean();
    Connection c =
        database.connect(
            "useServerPrepStmts="
                + prepared
                + "&sslMode="
                + (random.nextInt(4) == 0 ? "REQUIRED" : "DISABLED"));
    try (PreparedStatement s =
        c.prepareStatement(
            "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 900)"
                + " SELECT REPEAT('m', 100000) FROM n")) {
      s.setFetchSize(Integer.MIN_VALUE);
      ResultSet r = s.executeQuery();
      for (int i = random.nextInt(20); i >= 0; i--) {
        if (!r.next()) {
          throw new IllegalStateException("the result is too short");
        }
      }
      c.abort(Runnable::run);
    } catch (SQLException e) {
      if (!c.isClosed()) {
        throw e;
      }
    }
  }

  private void whileWaiting(SplittableRandom random) throws Exception {
    Connection c = database.connect("");
    try (Statement s = c.createStatement()) {
      CompletableFuture<Void> query = interrupted(s);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(1, 300)));
      untilDone(query, () -> c.abort(Runnable::run));
    }
  }

  private void watched(SplittableRandom random) throws SQLException {
    Connection c = database.connect("");
    long user = FIRST_USER + random.nextInt(50);
    try (Statement s = c.createStatement()) {
      c.setAutoCommit(false);
      if (random.nextBoolean()) {
        s.executeUpdate(
            "INSERT IGNORE INTO follower (user_id, follower_id) VALUES ("
                + user
                + ", "
                + random.nextInt(100)
                + ")");
        c.commit();
      }
      s.executeUpdate("UPDATE follower SET status = 1 - status WHERE user_id = " + user);
      c.abort(Runnable::run);
    } catch (SQLException e) {
      c.abort(Runnable::run);
      if (e.getErrorCode() != 1213 && e.getErrorCode() != 1205 && !isLost(e)) {
        throw e;
      }
    }
  }

  private void wrongPassword(SplittableRandom random) {
    try {
      database.connect("app", "wrong", "").close();
      throw new IllegalStateException("a wrong password was taken");
    } catch (SQLException e) {
      if (e.getErrorCode() != ACCESS_DENIED) {
        throw new IllegalStateException("a wrong password was refused by " + e, e);
      }
    }
  }

  /** Somebody who does not speak the protocol, or not to the end. */
  private void stranger(SplittableRandom random) {
    try (Socket socket = new Socket("127.0.0.1", database.port())) {
      socket.setSoTimeout(random.nextInt(500, 5000));
      socket.setSoLinger(random.nextBoolean(), 0);
      int how = random.nextInt(6);
      if (how == 0) {
        return;
      }
      DataInputStream in = new DataInputStream(socket.getInputStream());
      int length = in.readUnsignedByte() | in.readUnsignedByte() << 8 | in.readUnsignedByte() << 16;
      in.skipNBytes(length + 1L);
      if (how == 1) {
        return;
      }
      OutputStream out = socket.getOutputStream();
      byte[] bytes = new byte[random.nextInt(4, 2000)];
      random.nextBytes(bytes);
      if (how == 2) {
        out.write(
            "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      } else if (how == 3) {
        bytes[0] = (byte) 200;
        bytes[1] = 0;
        bytes[2] = 0;
        bytes[3] = 1;
        out.write(bytes, 0, Math.min(bytes.length, 100));
      } else {
        bytes[1] &= 7;
        bytes[2] = 0;
        bytes[3] = 1;
        out.write(bytes);
      }
      if (how == 5) {
        socket.shutdownOutput();
      }
      if (how >= 4) {
        in.skip(1);
      }
    } catch (IOException e) {
      return; // no answer in time, the end, or a reset: all fair
    }
  }
}
