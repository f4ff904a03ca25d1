package io.crossfade.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.mysql.MySQLContainer;

/** Other MySQL versions, where a Docker engine runs to supply them; skipped elsewhere. */
@Testcontainers(disabledWithoutDocker = true)
class OtherVersionsIT {
  @ParameterizedTest
  @ValueSource(strings = {"mysql:5.7", "mysql:8.0", "mysql:8.4", "mysql:9"})
  void relaysTextAndPreparedStatementsWithAndWithoutTls(String image) throws Exception {
    try (MySQLContainer mysql = new MySQLContainer(image)) {
      mysql.start();
      try (RelayFixture relay =
          new RelayFixture(
              RelayFixture.settings(mysql.getHost(), mysql.getMappedPort(3306), 10), List.of())) {
        for (String options :
            List.of("sslMode=DISABLED&allowPublicKeyRetrieval=true", "sslMode=PREFERRED")) {
          for (boolean prepared : new boolean[] {false, true}) {
            String url =
                relay.url(mysql.getDatabaseName(), options + "&useServerPrepStmts=" + prepared);
            try (Connection c =
                    java.sql.DriverManager.getConnection(
                        url, mysql.getUsername(), mysql.getPassword());
                Statement s = c.createStatement()) {
              s.execute("CREATE TEMPORARY TABLE t (id INT PRIMARY KEY, v VARCHAR(20))");
              try (var insert = c.prepareStatement("INSERT INTO t VALUES (?, ?)")) {
                insert.setInt(1, 1);
                insert.setString(2, "zwölf");
                assertThat(insert.executeUpdate()).isEqualTo(1);
              }
              try (var select = c.prepareStatement("SELECT v FROM t WHERE id = ?")) {
                select.setInt(1, 1);
                try (ResultSet r = select.executeQuery()) {
                  assertThat(r.next()).isTrue();
                  assertThat(r.getString(1)).isEqualTo("zwölf");
                }
              }
            }
          }
        }
      }
    }
  }
}
