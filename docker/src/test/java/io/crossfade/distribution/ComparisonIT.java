package io.crossfade.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.sandbox.SharedServers;
import io.crossfade.sandbox.compare.IndependentComparison;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The comparison that every other test relies on finds what differs. */
class ComparisonIT {
  private static final int ROWS = 300;

  /**
   * Behind the proxy's back: a changed row differs in its item and its order entry, a missing and
   * an extra one too, and in the wide layout each of these in its list's counter.
   */
  @ParameterizedTest
  @CsvSource({"wide, 8", "tall, 6"})
  void findsAChangedAMissingAndAnExtraRow(String layout, long differing) throws Exception {
    try (Migration m =
        new Migration(
            SharedServers.mysql(), SharedServers.hbase().bootstrapServers(), layout, ROWS)) {
      m.command("backfill");
      m.awaitDone("backfill");
      m.awaitClean();
      assertThat(m.compare().examples()).isEmpty();
      try (Connection c = SharedServers.mysql().connect(m.config().mysql().schema());
          Statement s = c.createStatement()) {
        s.executeUpdate("UPDATE follower SET status = 99 ORDER BY user_id, follower_id LIMIT 1");
        s.executeUpdate("DELETE FROM follower ORDER BY user_id DESC, follower_id DESC LIMIT 1");
        s.executeUpdate("INSERT INTO follower VALUES (999999999, 1, '2024-01-01', 1)");
      }
      IndependentComparison.Outcome outcome = m.compare();
      assertThat(outcome.differing()).as("%s", outcome.examples()).isEqualTo(differing);
      assertThat(outcome.examples())
          .anyMatch(e -> e.contains("status='99'") && e.contains("HBase created_at="))
          .anyMatch(e -> e.contains("MySQL null"))
          .anyMatch(e -> e.contains("user_id='999999999'") && e.contains("HBase null"));
    }
  }
}
