package io.crossfade.readswitch.census;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.sql.TableName;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CensusTest {
  private static final TableName TABLE = new TableName("social", "follower");

  private final Census census = new Census();

  @Test
  void showsTemplatesByShareWithTheirVerdict() {
    for (int i = 0; i < 3; i++) {
      census.seen(TABLE, "SELECT a", () -> "");
    }
    census.answered(TABLE, "SELECT a");
    census.seen(TABLE, "SELECT b", () -> "tie");
    census.seen(new TableName("other", "table"), "SELECT a", () -> "");
    assertThat(census.status(TABLE))
        .isEqualTo(
            Map.of(
                "selects",
                4L,
                "distinct",
                2,
                "templates",
                List.of(
                    entry("SELECT a", 3, 0.75, 1, "yes", ""),
                    entry("SELECT b", 1, 0.25, 0, "no", "tie"))));
  }

  @Test
  void whatCannotBeJudgedYetIsJudgedLater() {
    census.seen(TABLE, "SELECT a", () -> null);
    assertThat(templates()).containsExactly(entry("SELECT a", 1, 1, 0, "unknown", ""));
    census.seen(TABLE, "SELECT a", () -> "where");
    census.seen(TABLE, "SELECT a", () -> "never asked");
    assertThat(templates()).containsExactly(entry("SELECT a", 3, 1, 0, "no", "where"));
  }

  @Test
  void showsTheFiftyMostFrequent() {
    for (int i = 0; i < 60; i++) {
      for (int n = 0; n <= i; n++) {
        census.seen(TABLE, "SELECT " + i, () -> "");
      }
    }
    assertThat(templates()).hasSize(50);
    assertThat(templates().get(0)).containsEntry("template", "SELECT 59");
    assertThat(census.status(TABLE)).containsEntry("distinct", 60);
  }

  @SuppressWarnings("unchecked")
  private List<Map<String, Object>> templates() {
    return (List<Map<String, Object>>) census.status(TABLE).getOrDefault("templates", List.of());
  }

  private static Map<String, Object> entry(
      String template, long seen, double share, long byHBase, String answerable, String reason) {
    return Map.of(
        "template", template,
        "seen", seen,
        "share", share,
        "byHBase", byHBase,
        "answerable", answerable,
        "reason", reason);
  }
}
