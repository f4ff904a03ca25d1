package io.crossfade.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoundRowsTest {
  @ParameterizedTest
  @CsvSource({
    "0,1",
    "1,1",
    "10,1",
    "11,2",
    "100,2",
    "101,3",
    "1000000,6",
    "9223372036854775807,19"
  })
  void joinsAsManyTensAsTheRowsNeed(long rows, int factors) {
    String sql = FoundRows.yielding(rows);
    assertThat(sql).endsWith(" LIMIT " + rows).contains("t" + (factors - 1) + " ");
    assertThat(sql).doesNotContain("t" + factors + " ");
    assertThat(sql.split("UNION ALL", -1)).hasSize(9 * factors + 1);
  }
}
