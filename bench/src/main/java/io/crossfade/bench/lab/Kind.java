package io.crossfade.bench.lab;

import java.util.Arrays;
import java.util.List;

/** Who is compared, in the order of the tables. */
public enum Kind {
  DIRECT("direct", "direct"),
  HAPROXY("haproxy", "HAProxy (TCP)"),
  ROUTER("mysqlrouter", "MySQL Router"),
  /** Crossfade without a watched table. */
  RELAY("relay", "Crossfade: relay"),
  /** Crossfade with a watched table that the statements do not name. */
  BESIDE("beside", "Crossfade: beside"),
  /** Crossfade with the statements' own table watched and mirrored to HBase. */
  WATCHED("watched", "Crossfade: watched"),
  SHARDINGSPHERE("shardingsphere", "ShardingSphere-Proxy");

  private final String label;
  private final String title;

  Kind(String label, String title) {
    this.label = label;
    this.title = title;
  }

  /** How options call it. */
  public String label() {
    return label;
  }

  /** How tables call it. */
  public String title() {
    return title;
  }

  /** Whether it is ours. */
  public boolean isCrossfade() {
    return this == RELAY || this == BESIDE || this == WATCHED;
  }

  /** Whether it needs HBase. */
  public boolean needsHBase() {
    return this == BESIDE || this == WATCHED;
  }

  /** Whether it runs in a JVM, which is slow until its code is compiled. */
  public boolean needsWarmUp() {
    return isCrossfade() || this == SHARDINGSPHERE;
  }

  /**
   * @throws IllegalArgumentException when there is none of this label; the message lists them
   */
  public static Kind of(String label) {
    return Arrays.stream(values())
        .filter(kind -> kind.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown target '" + label + "'; there are " + String.join(", ", labels())));
  }

  /** All labels. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(Kind::label).toList();
  }
}
