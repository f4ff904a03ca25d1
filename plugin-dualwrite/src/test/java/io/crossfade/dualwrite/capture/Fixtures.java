package io.crossfade.dualwrite.capture;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.mapping.TableMappings;
import io.crossfade.api.mapping.TableSchema;
import io.crossfade.api.sql.DruidSqlAnalyzer;
import io.crossfade.api.sql.SqlAnalyzer.Analyzed;
import io.crossfade.api.sql.SqlMode;
import io.crossfade.api.sql.TableName;
import io.crossfade.api.value.Column;
import io.crossfade.api.value.ColumnType;
import io.crossfade.api.value.SqlValue;
import io.crossfade.dualwrite.mysql.GeneratedKeys;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The table {@code social.follower(user_id, follower_id, created_at, status)} and friends. */
final class Fixtures {
  static final TableName FOLLOWER = new TableName("social", "follower");
  static final TableName POST = new TableName("social", "post");

  private static final DruidSqlAnalyzer ANALYZER = new DruidSqlAnalyzer();

  static final TableMapping MAPPING =
      TableMappings.create(
          new TableSchema(
              FOLLOWER,
              List.of(
                  column("user_id", ColumnType.Kind.BIGINT, false),
                  column("follower_id", ColumnType.Kind.BIGINT, false),
                  column("created_at", ColumnType.Kind.DATETIME, false),
                  column("status", ColumnType.Kind.INT, false)),
              List.of(0, 1)),
          new TableConfig(
              FOLLOWER, "follower", TableConfig.Layout.WIDE, List.of("user_id"), List.of(), 4));

  static final TableMapping POSTS =
      TableMappings.create(
          new TableSchema(
              POST,
              List.of(
                  column("id", ColumnType.Kind.BIGINT, true),
                  column("status", ColumnType.Kind.INT, false)),
              List.of(0)),
          new TableConfig(POST, "post", TableConfig.Layout.TALL, List.of("id"), List.of(), 4));

  private Fixtures() {}

  private static Column column(String name, ColumnType.Kind kind, boolean autoIncrement) {
    return new Column(name, ColumnType.of(kind), false, autoIncrement, false);
  }

  static CaptureCatalogue catalogue() {
    return catalogue(
        new CaptureTable(FOLLOWER, MAPPING, false, false, false, GeneratedKeys.CONSECUTIVE));
  }

  static CaptureCatalogue catalogue(CaptureTable follower) {
    return new CaptureCatalogue(
        "uuid",
        List.of(
            follower,
            new CaptureTable(POST, POSTS, false, false, false, GeneratedKeys.CONSECUTIVE)),
        Map.of("follower_view", Set.of(FOLLOWER), "account", Set.of(FOLLOWER)),
        Set.of());
  }

  /** With a stored function that reaches the table of followers. */
  static CaptureCatalogue withFunction() {
    return new CaptureCatalogue(
        "uuid",
        List.of(
            new CaptureTable(FOLLOWER, MAPPING, false, false, false, GeneratedKeys.CONSECUTIVE)),
        Map.of("f", Set.of(FOLLOWER)),
        Set.of(FOLLOWER));
  }

  static List<Analyzed> analyze(String sql) {
    return ANALYZER.analyze(sql.getBytes(StandardCharsets.UTF_8), "social", SqlMode.DEFAULT);
  }

  static Key key(long user, long follower) {
    return MAPPING.key(List.of(integer(user), integer(follower))).orElseThrow();
  }

  static Key post(long id) {
    return POSTS.key(List.of(integer(id))).orElseThrow();
  }

  static KeyRange list(long user) {
    return MAPPING.prefix(List.of(integer(user))).orElseThrow();
  }

  private static SqlValue integer(long n) {
    return SqlValue.of(SqlValue.Form.INTEGER, Long.toString(n));
  }
}
