package io.crossfade.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import io.crossfade.sandbox.selftest.SelfTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The short form of {@code ./crossfade selftest}: generated SQL, both layouts, proxy kills. */
class SelfTestIT {
  private static final double MINUTES = 0.3;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void hbaseEqualsMySqlAfterGeneratedSqlAndKillsOfTheProxyAndNothingStaysOnTheServers(
      boolean witness) throws Exception {
    MySqlServer mysql = SharedServers.mysql();
    Path report = directory.resolve("report.txt");
    int status =
        new CommandLine(new SelfTest())
            .execute(
                "--distribution=" + Distribution.directory(),
                "--mysql=" + SharedServers.mysqlUrl(),
                "--hbase=" + SharedServers.hbase().bootstrapServers(),
                "--minutes=" + MINUTES,
                "--round=6",
                "--witness=" + witness,
                "--write-lifetime=10",
                "--chaos",
                "--only-kills",
                "--data="
                    + Files.createDirectories(Path.of("target", "selftest", "witness-" + witness)),
                "--report=" + report);
    String text = Files.readString(report);
    assertThat(status).as(text).isZero();
    assertThat(text)
        .contains("HBase equals MySQL.", "kill -9 of the proxy, restart", "register commit")
        .contains("round 2: clean");
    assertThat(text.contains(" witnessed 0") || !text.contains(" witnessed "))
        .isNotEqualTo(witness);
    try (Connection c = mysql.connect("");
        Statement s = c.createStatement();
        ResultSet left = s.executeQuery("SHOW DATABASES LIKE 'crossfade\\_selftest\\_%'")) {
      assertThat(left.next()).as("a scratch schema is left").isFalse();
    }
  }
}
