package io.crossfade.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.sandbox.SharedServers;
import io.crossfade.sandbox.workload.Workload;
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
  private static final int CLIENTS = 4;

  /** A key that the clients never touch, and a template of its own. */
  private static final String ROW = "(999999999, 2, '2024-05-06 07:08:09.123', 1)";

  private static final String QUERY =
      "SELECT follower_id, status FROM follower WHERE user_id=999999999 AND follower_id=2";
  private static final String TEMPLATE = "selectfollower_id,statusfromfollower";

  @Test
  void raisingThePercentageMovesReadsWithinASecondWithoutDroppingAConnectionAndZeroBringsThemBack()
      throws Exception {
    try (Migration m =
            new Migration(
                SharedServers.mysql(), SharedServers.hbase().bootstrapServers(), "wide", 1000);
        Workload clients = m.startSteadyClients(CLIENTS, 40);
        Connection c = DriverManager.getConnection(m.url())) {
      try (Statement s = c.createStatement()) {
        s.executeUpdate("INSERT INTO follower VALUES " + ROW);
      }
      m.command("backfill");
      m.awaitDone("backfill");
      m.command("verify");
      m.awaitDone("verify");
      long connection = connectionId(c);
      assertThat(answeredByHBase(m, c, 20)).as("at 0 %").isZero();

      m.reads("100");
      Awaitility.await("reads move to HBase")
          .atMost(Duration.ofSeconds(1))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> answeredByHBase(m, c, 1) == 1);
      m.awaitHBaseAnswers();

      m.reads("0");
      Awaitility.await("reads come back")
          .atMost(Duration.ofSeconds(1))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> answeredByHBase(m, c, 5) == 0);
      assertThat(m.reads().path("percentage").asDouble()).isZero();

      assertThat(connectionId(c)).isEqualTo(connection);
      clients.close();
      assertThat(clients.tally().firstErrors()).isEmpty();
      assertThat(clients.tally().sessions()).isEqualTo(CLIENTS);
    }
  }

  /** How many of so many queries HBase answers. */
  private static long answeredByHBase(Migration m, Connection c, int queries) throws Exception {
    long before = answeredByHBase(m);
    for (int i = 0; i < queries; i++) {
      query(c);
    }
    return answeredByHBase(m) - before;
  }

  private static long answeredByHBase(Migration m) throws Exception {
    JsonNode templates = m.census().path("templates");
    for (JsonNode t : templates) {
      String text = t.path("template").asText().replaceAll("[\\s`]", "");
      if (text.regionMatches(true, 0, TEMPLATE, 0, TEMPLATE.length())) {
        return t.path("byHBase").asLong();
      }
    }
    return 0;
  }

  private static void query(Connection c) throws SQLException {
    try (Statement s = c.createStatement();
        ResultSet r = s.executeQuery(QUERY)) {
      assertThat(r.next()).isTrue();
      assertThat(r.getLong(1)).isEqualTo(2);
      assertThat(r.next()).isFalse();
    }
  }

  private static long connectionId(Connection c) throws SQLException {
    try (Statement s = c.createStatement();
        ResultSet r = s.executeQuery("SELECT CONNECTION_ID()")) {
      assertThat(r.next()).isTrue();
      return r.getLong(1);
    }
  }
}
