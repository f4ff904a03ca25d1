package io.crossfade.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import io.crossfade.server.frontend.RawClient;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** I1 and I6: with all reads switched, every packet of a SELECT is the one that MySQL sends. */
class ReadEquivalenceIT {
  /** Each is asked so often: the first answer is MySQL's, its frame is learned. */
  private static final int TIMES = 3;

  private static final long[] CAPABILITIES = {0, 1L << 24, 1L << 24 | 1L << 27 | 1L << 23};

  private static final List<String> TEXTS =
      List.of(
          "SELECT status FROM follower WHERE user_id=:u AND follower_id=:f",
          "SELECT * FROM follower WHERE user_id=:u AND follower_id=:f",
          "SELECT * FROM Follower WHERE user_id=:u AND follower_id=:f",
          "select /* c */ F.`status` AS `Ü`, created_at from `follower` F"
              + " where follower_id=:f and (user_id)=:u",
          "SELECT * FROM follower WHERE user_id=:u AND follower_id=0",
          "SELECT * FROM follower WHERE user_id=:u AND follower_id=NULL",
          "SELECT status FROM follower WHERE user_id=:u AND follower_id=:f AND status=77",
          "SELECT follower_id FROM follower WHERE user_id=:u AND follower_id IN (:f, 0, :f)"
              + " ORDER BY follower_id",
          "SELECT follower_id, created_at FROM follower WHERE user_id=:u"
              + " ORDER BY created_at DESC, follower_id LIMIT 5",
          "SELECT follower_id, created_at, status FROM follower WHERE user_id=:u AND status=1"
              + " ORDER BY created_at DESC LIMIT 3, 4",
          "SELECT follower_id FROM follower WHERE user_id=:u ORDER BY created_at DESC LIMIT 0",
          "SELECT follower_id FROM follower WHERE user_id=:u ORDER BY created_at DESC"
              + " LIMIT 5 OFFSET 100000",
          "SELECT follower_id FROM follower WHERE user_id=:u ORDER BY follower_id DESC LIMIT 7",
          "SELECT * FROM follower WHERE user_id=:none ORDER BY created_at DESC LIMIT 5",
          "SELECT COUNT(*) FROM follower WHERE user_id=:u",
          "SELECT count(*) AS n FROM follower WHERE user_id=:none",
          "SELECT COUNT(*) FROM follower WHERE user_id=:u AND status=1",
          "SELECT status + 1 FROM follower WHERE user_id=:u AND follower_id=:f",
          "SELECT nothing FROM follower WHERE user_id=:u",
          "SET time_zone='+05:30'",
          "SELECT created_at FROM follower WHERE user_id=:u AND follower_id=:f",
          "SELECT follower_id FROM follower WHERE user_id=:u"
              + " AND created_at < '2037-01-01 00:00:00' ORDER BY created_at DESC LIMIT 3",
          "SET time_zone='+00:00'",
          "SELECT follower_id FROM follower WHERE user_id=:u ORDER BY created_at DESC LIMIT 2;",
          "SELECT FOUND_ROWS(), ROW_COUNT()",
          "SHOW WARNINGS",
          "CREATE TEMPORARY TABLE plain (id INT PRIMARY KEY)",
          "SELECT * FROM follower WHERE user_id=:u ORDER BY created_at DESC LIMIT 5",
          "INSERT INTO plain VALUES (1), (2), (3)",
          "SELECT FOUND_ROWS()",
          "SELECT * FROM follower WHERE user_id=:u ORDER BY created_at DESC LIMIT 5",
          "UPDATE plain SET id = id + 10",
          "SELECT FOUND_ROWS()",
          "SELECT * FROM follower WHERE user_id=:u ORDER BY created_at DESC LIMIT 5",
          "UPDATE plain SET id = 0 WHERE id < 0",
          "SELECT FOUND_ROWS()",
          "SELECT * FROM follower WHERE user_id=:u ORDER BY created_at DESC LIMIT 5",
          "INSERT INTO plain SELECT 99",
          "SELECT FOUND_ROWS()",
          "SELECT * FROM follower WHERE user_id=:u ORDER BY created_at DESC LIMIT 5",
          "DELETE FROM plain WHERE id > 20",
          "SELECT FOUND_ROWS()",
          "SELECT * FROM follower WHERE user_id=:u ORDER BY created_at DESC LIMIT 5",
          "DELETE plain FROM plain JOIN (SELECT 1) AS one",
          "SELECT FOUND_ROWS()",
          "SELECT * FROM follower WHERE user_id=:u ORDER BY created_at DESC LIMIT 5",
          "SET @other = (SELECT 1)",
          "SELECT FOUND_ROWS()",
          "BEGIN",
          "SELECT status FROM follower WHERE user_id=:u AND follower_id=:f",
          "COMMIT",
          "SET sql_select_limit=1",
          "SELECT follower_id FROM follower WHERE user_id=:u ORDER BY created_at DESC LIMIT 2",
          "SET sql_select_limit=DEFAULT");

  private static final List<String> PREPARED =
      List.of(
          "SELECT * FROM follower WHERE user_id=? AND follower_id=?",
          "SELECT created_at, status FROM follower WHERE user_id=? AND follower_id=?",
          "SELECT * FROM follower WHERE user_id=? ORDER BY created_at DESC, follower_id LIMIT ?",
          "SELECT COUNT(*) FROM follower WHERE user_id=?");

  @ParameterizedTest
  @ValueSource(strings = {"wide", "tall"})
  void everyPacketIsTheSame(String layout) throws Exception {
    MySqlServer mysql = SharedServers.mysql();
    try (Migration m =
        new Migration(mysql, SharedServers.hbase().bootstrapServers(), layout, 2000)) {
      long[] row = aRow(mysql, m.config().mysql().schema());
      m.command("backfill");
      m.awaitDone("backfill");
      m.command("verify");
      m.awaitDone("verify");
      m.reads("100");
      Awaitility.await("the configuration is in force")
          .atMost(Duration.ofSeconds(10))
          .until(() -> m.reads().path("percentage").asDouble() == 100);
      m.awaitClean();
      for (long capabilities : CAPABILITIES) {
        long before = m.answeredByHBase();
        List<String> direct = run(m, mysql.host(), mysql.port(), capabilities, row);
        List<String> relayed = run(m, "127.0.0.1", m.config().listenPort(), capabilities, row);
        for (int i = 0; i < Math.min(direct.size(), relayed.size()); i++) {
          int at = i;
          assertThat(relayed.get(i))
              .as(() -> "after " + direct.subList(Math.max(0, at - 6), at))
              .isEqualTo(direct.get(i));
        }
        assertThat(relayed).hasSameSizeAs(direct);
        assertThat(m.answeredByHBase() - before).as("%s", m.reads()).isGreaterThan(30);
      }
    }
  }

  private static List<String> run(Migration m, String host, int port, long capabilities, long[] row)
      throws Exception {
    List<String> seen = new ArrayList<>();
    try (RawClient client = new RawClient(host, port, m.config().mysql().schema(), capabilities)) {
      for (String text : TEXTS) {
        String sql =
            text.replace(":none", "999999999999")
                .replace(":u", Long.toString(row[0]))
                .replace(":f", Long.toString(row[1]));
        for (int i = 0; i < (text.contains("follower ") ? TIMES : 1); i++) {
          seen.add("> " + sql);
          seen.addAll(client.query(sql));
        }
      }
      for (String sql : PREPARED) {
        seen.add("> " + sql);
        seen.addAll(client.prepare(sql));
        boolean one = sql.indexOf('?') == sql.lastIndexOf('?');
        long second = sql.contains("LIMIT") ? 4 : row[1];
        for (int i = 0; i < TIMES + 1; i++) {
          // Types come the first time and the third: MySQL may not have seen the last ones.
          boolean types = i % 2 == 0;
          seen.addAll(one ? client.execute(types, row[0]) : client.execute(types, row[0], second));
        }
        seen.addAll(client.query("SELECT FOUND_ROWS()"));
      }
    }
    return seen;
  }

  /** A row of the longest list. */
  private static long[] aRow(MySqlServer mysql, String schema) throws Exception {
    try (Connection c = mysql.connect(schema);
        Statement s = c.createStatement();
        ResultSet r =
            s.executeQuery(
                "SELECT user_id, MIN(follower_id) FROM follower GROUP BY user_id"
                    + " ORDER BY COUNT(*) DESC LIMIT 1")) {
      assertThat(r.next()).isTrue();
      return new long[] {r.getLong(1), r.getLong(2)};
    }
  }
}
