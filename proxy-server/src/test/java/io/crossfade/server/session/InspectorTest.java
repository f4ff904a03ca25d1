package io.crossfade.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InspectorTest {
  @ParameterizedTest
  @CsvSource({
    "USE shop,shop",
    "use `a b`,a b",
    "  Use größe ; ,größe",
    "USE `shop`;,shop",
    "USE a$1_b,a$1_b"
  })
  void readsTheNameInUse(String text, String name) {
    assertThat(Inspector.usedDatabase(text)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/* c */ USE shop", "USE /* c */ shop", "USE `a``b`", "USE \"shop\"", "USE"})
  void admitsThatItCannotReadAnUnusualUse(String text) {
    assertThat(Inspector.usedDatabase(text)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.0.31", "9.7.0", "5.7.22-log", "10.11.6-MariaDB"})
  void asksEachServerOnlyForWhatItKnows(String version) {
    String sql = Injections.factsQuery(version);
    assertThat(sql.contains("@@tx_isolation")).isEqualTo(!version.matches("[89].*"));
    assertThat(sql.contains("CURRENT_ROLE()")).isEqualTo(!version.startsWith("5.7"));
    assertThat(sql).endsWith("LIMIT 1");
  }
}
