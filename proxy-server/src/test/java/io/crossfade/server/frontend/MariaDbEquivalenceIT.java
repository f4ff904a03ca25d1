package io.crossfade.server.frontend;

import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import io.crossfade.server.frontend.Equivalence.Relay;
import io.crossfade.server.protocol.Capabilities;
import java.sql.Connection;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The same script straight to MariaDB and through the relay, with MariaDB's own capabilities;
 * masked as in {@link EquivalenceIT}. The order and number of progress reports are MariaDB's own.
 */
class MariaDbEquivalenceIT {
  private static final long USUAL =
      Capabilities.LOCAL_FILES
          | Capabilities.TRANSACTIONS
          | Capabilities.MULTI_STATEMENTS
          | Capabilities.MULTI_RESULTS
          | 1L << 18;

  private static final Map<String, Long> CAPABILITIES =
      Map.of(
          "classic",
          USUAL | Capabilities.MYSQL,
          "connector",
          USUAL
              | Capabilities.DEPRECATE_EOF
              | Capabilities.SESSION_TRACK
              | Capabilities.CONNECT_ATTRS
              | Capabilities.MARIADB_STMT_BULK_OPERATIONS
              | Capabilities.MARIADB_CACHE_METADATA
              | Capabilities.MARIADB_EXTENDED_METADATA,
          "all",
          USUAL
              | Capabilities.SESSION_TRACK
              | Capabilities.MARIADB_PROGRESS
              | 1L << 33
              | Capabilities.MARIADB_STMT_BULK_OPERATIONS
              | Capabilities.MARIADB_CACHE_METADATA
              | Capabilities.MARIADB_EXTENDED_METADATA);

  private static Equivalence equivalence;

  @BeforeAll
  static void start() throws Exception {
    MySqlServer mariaDb = SharedServers.mariadb();
    try (Connection root = mariaDb.connect("");
        Statement statement = root.createStatement()) {
      // Most of the time would be the disk's.
      statement.execute("SET GLOBAL sync_binlog = 0");
      statement.execute("SET GLOBAL innodb_flush_log_at_trx_commit = 0");
      statement.execute("SET GLOBAL sync_frm = OFF");
    }
    equivalence = new Equivalence(mariaDb, SqlScript.read("common.sql", "mariadb.sql"));
  }

  @AfterAll
  static void stop() {
    equivalence.close();
  }

  @ParameterizedTest(name = "{0} binary={1} {2}")
  @CsvSource({
    "classic,false,UNWATCHED",
    "classic,false,ATTENTIVE",
    "connector,true,UNWATCHED",
    "connector,true,WATCHED",
    "all,false,WATCHED",
  })
  void everyPacketIsTheSame(String capabilities, boolean binary, Relay how) throws Exception {
    equivalence.check(Objects.requireNonNull(CAPABILITIES.get(capabilities)), binary, more(), how);
  }

  private static Map<String, ProtocolScenarios.Scenario> more() {
    Map<String, ProtocolScenarios.Scenario> more = new LinkedHashMap<>(ProtocolScenarios.common());
    more.putAll(SessionScenarios.common());
    more.putAll(MariaDbScenarios.all());
    return more;
  }
}
