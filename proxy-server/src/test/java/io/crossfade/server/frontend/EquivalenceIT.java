package io.crossfade.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.sandbox.SharedServers;
import io.crossfade.server.frontend.Equivalence.Relay;
import io.crossfade.server.protocol.Capabilities;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The same script straight to MySQL and through the relay: every packet must be the same. What is
 * masked: the connection id, the nonces and the capabilities of the greeting; in answers that the
 * script marks, digits.
 */
class EquivalenceIT {
  private static final long PS_MULTI_RESULTS = 1L << 18;
  private static final long FOUND_ROWS = 2;
  private static final long LONG_FLAG = 4;
  private static final long NO_SCHEMA = 1L << 4;
  private static final long IGNORE_SPACE = 1L << 8;
  private static final long INTERACTIVE = 1L << 10;

  /** As the drivers combine them, and as none does. */
  private static final Map<String, Long> CAPABILITIES =
      Map.of(
          "few",
          0L,
          "classic",
          LONG_FLAG
              | Capabilities.LOCAL_FILES
              | Capabilities.TRANSACTIONS
              | Capabilities.MULTI_STATEMENTS
              | Capabilities.MULTI_RESULTS
              | PS_MULTI_RESULTS,
          "modern",
          LONG_FLAG
              | Capabilities.LOCAL_FILES
              | Capabilities.TRANSACTIONS
              | Capabilities.MULTI_STATEMENTS
              | Capabilities.MULTI_RESULTS
              | PS_MULTI_RESULTS
              | Capabilities.CONNECT_ATTRS
              | Capabilities.PLUGIN_AUTH_LENENC_DATA
              | Capabilities.SESSION_TRACK
              | Capabilities.DEPRECATE_EOF
              | Capabilities.QUERY_ATTRIBUTES,
          "tracking",
          Capabilities.LOCAL_FILES
              | Capabilities.MULTI_STATEMENTS
              | Capabilities.MULTI_RESULTS
              | Capabilities.SESSION_TRACK
              | Capabilities.OPTIONAL_RESULTSET_METADATA
              | FOUND_ROWS,
          "odd",
          Capabilities.MULTI_RESULTS
              | Capabilities.DEPRECATE_EOF
              | Capabilities.OPTIONAL_RESULTSET_METADATA
              | Capabilities.QUERY_ATTRIBUTES
              | FOUND_ROWS
              | NO_SCHEMA
              | IGNORE_SPACE
              | INTERACTIVE);

  private static final SqlScript SCRIPT = SqlScript.read("common.sql", "mysql.sql");
  private static Equivalence equivalence;

  @BeforeAll
  static void start() throws Exception {
    equivalence = new Equivalence(SharedServers.mysql(), SCRIPT);
  }

  @AfterAll
  static void stop() {
    equivalence.close();
  }

  @Test
  void theScriptIsLong() {
    assertThat(SCRIPT.statements()).isGreaterThan(600);
  }

  @ParameterizedTest(name = "{0} binary={1} {2}")
  @CsvSource({
    "few,false,UNWATCHED",
    "classic,false,UNWATCHED",
    "classic,true,UNWATCHED",
    "modern,false,UNWATCHED",
    "modern,true,UNWATCHED",
    "tracking,false,UNWATCHED",
    "odd,true,UNWATCHED",
    "classic,false,WATCHED",
    "modern,false,WATCHED",
    "classic,true,ATTENTIVE",
    "modern,false,ATTENTIVE",
    "tracking,true,ATTENTIVE",
  })
  void everyPacketIsTheSame(String capabilities, boolean binary, Relay how) throws Exception {
    equivalence.check(
        Objects.requireNonNull(CAPABILITIES.get(capabilities)),
        binary,
        more(capabilities, binary),
        how);
  }

  private static Map<String, ProtocolScenarios.Scenario> more(String capabilities, boolean binary) {
    Map<String, ProtocolScenarios.Scenario> more = new LinkedHashMap<>(ProtocolScenarios.common());
    more.putAll(SessionScenarios.common());
    more.put("short commands", ProtocolScenarios::shortOnes);
    more.put("without types", ProtocolScenarios::withoutTypes);
    if (capabilities.equals("modern") && !binary) {
      more.putAll(ProtocolScenarios.slow());
    }
    return more;
  }
}
