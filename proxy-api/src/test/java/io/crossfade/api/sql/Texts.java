package io.crossfade.api.sql;

import io.crossfade.api.sql.SqlAnalyzer.Analyzed;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Analyses texts in the database {@code social}. */
final class Texts {
  static final DruidSqlAnalyzer ANALYZER = new DruidSqlAnalyzer();

  private Texts() {}

  static byte[] bytes(String sql) {
    return sql.getBytes(StandardCharsets.UTF_8);
  }

  static List<Analyzed> all(String sql, SqlMode mode) {
    return ANALYZER.analyze(bytes(sql), "social", mode);
  }

  static Analyzed one(String sql, SqlMode mode) {
    List<Analyzed> all = all(sql, mode);
    if (all.size() != 1) {
      throw new AssertionError(all.size() + " statements in " + sql);
    }
    return all.get(0);
  }

  static Statement statement(String sql) {
    return one(sql, SqlMode.DEFAULT).statement();
  }

  static Analyzed prepared(String sql) {
    return ANALYZER.analyzePrepared(bytes(sql), "social", SqlMode.DEFAULT);
  }

  static long parameters(String template) {
    return template.chars().filter(c -> c == '?').count();
  }
}
