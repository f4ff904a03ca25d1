package io.crossfade.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.sandbox.SharedServers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** I7: reads move by an edit of the configuration and come back, within a second. */
class GrayReadsIT {
  private static final String QUERY =
      "SELECT follower_id, status FROM follower WHERE user_id=1 AND follower_id=2";

  @Test
  void raisingThePercentageMovesReadsWithinASecondWithoutDroppingAConnectionAndZeroBringsThemBack()
      throws Exception {
    try (Migration m =
        new Migration(
            SharedServers.mysql(), SharedServers.hbase().bootstrapServers(), "wide", 1000)) {
      m.command("backfill");
      m.awaitDone("backfill");
      m.command("verify");
      m.awaitDone("verify");
      String url =
          "jdbc:mysql://127.0.0.1:"
              + m.config().listenPort()
              + "/"
              + m.config().mysql().schema()
              + "?user=app&password=app&sslMode=DISABLED&allowPublicKeyRetrieval=true";
      try (Connection c = DriverManager.getConnection(url)) {
        long connection = connectionId(c);
        query(c);
        assertThat(fromHBase(m, c)).as("at 0 %").isFalse();

        m.reads("100");
        long edited = System.nanoTime();
        Awaitility.await("reads move to HBase")
            .atMost(Duration.ofSeconds(1))
            .pollInterval(Duration.ofMillis(20))
            .until(() -> fromHBase(m, c));
        assertThat(Duration.ofNanos(System.nanoTime() - edited)).isLessThan(Duration.ofSeconds(2));

        m.reads("0");
        Awaitility.await("reads come back")
            .atMost(Duration.ofSeconds(1))
            .pollInterval(Duration.ofMillis(20))
            .until(() -> !fromHBase(m, c));
        assertThat(connectionId(c)).isEqualTo(connection);
      }
    }
  }

  private static boolean fromHBase(Migration m, Connection c) throws Exception {
    long before = m.reads().path("hbase").asLong();
    query(c);
    return m.reads().path("hbase").asLong() > before;
  }

  private static void query(Connection c) throws SQLException {
    try (Statement s = c.createStatement();
        ResultSet r = s.executeQuery(QUERY)) {
      while (r.next()) {
        r.getLong(1);
      }
    }
  }

  private static long connectionId(Connection c) throws SQLException {
    try (Statement s = c.createStatement();
        ResultSet r = s.executeQuery("SELECT CONNECTION_ID()")) {
      r.next();
      return r.getLong(1);
    }
  }
}
