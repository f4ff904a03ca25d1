package io.crossfade.api.sql;

import io.crossfade.api.value.SqlValue;
import java.util.List;

/** Turns SQL text into statements. Thread-safe; never throws on any input. */
public interface SqlAnalyzer {
  /**
   * Analyses one COM_QUERY text, which may hold several statements.
   *
   * @param sql the text's bytes in an ASCII-compatible character set
   * @param database the session's current database, empty when none
   * @param mode what the text's meaning depends on
   * @return at least one statement, in text order
   */
  List<Analyzed> analyze(byte[] sql, String database, SqlMode mode);

  /**
   * Analyses the text of a COM_STMT_PREPARE. A {@code ?} of the client is {@link
   * Analyzed#isParameter} in the values.
   */
  Analyzed analyzePrepared(byte[] sql, String database, SqlMode mode);

  /** Only the kind, by the first words after comments; cheap, no parse. OTHER when unsure. */
  Statement.Kind firstWord(byte[] sql);

  /**
   * A statement with the values its text carries.
   *
   * @param statement the statement
   * @param values one a {@code ?} of the template: a literal's value, or {@link #PARAMETER} for the
   *     client's own parameter
   */
  record Analyzed(Statement statement, List<SqlValue> values) {
    /** Stands for a client's parameter in {@link #values}; compared by identity. */
    public static final SqlValue PARAMETER = new SqlValue(SqlValue.Form.UNKNOWN, null);

    /** Whether the {@code index}-th value is the client's parameter. */
    public boolean isParameter(int index) {
      return values.get(index) == PARAMETER;
    }
  }
}
