package io.crossfade.api.value;

/**
 * A MySQL column type as {@code information_schema.COLUMNS} describes it.
 *
 * @param kind the type's family
 * @param unsigned whether the column is UNSIGNED
 * @param length CHARACTER_MAXIMUM_LENGTH for strings (characters; bytes for binary), display bits
 *     for BIT, else 0
 * @param scale digits after the point: NUMERIC_SCALE for DECIMAL, DATETIME_PRECISION for temporal
 *     types, else 0
 * @param charset character set name, empty for non-character types
 * @param collation collation name, empty for non-character types
 */
public record ColumnType(
    Kind kind, boolean unsigned, long length, int scale, String charset, String collation) {

  /** The families of MySQL types that can be mirrored. Spatial types are refused by name. */
  public enum Kind {
    TINYINT,
    SMALLINT,
    MEDIUMINT,
    INT,
    BIGINT,
    YEAR,
    FLOAT,
    DOUBLE,
    DECIMAL,
    BIT,
    DATE,
    TIME,
    DATETIME,
    TIMESTAMP,
    CHAR,
    VARCHAR,
    BINARY,
    VARBINARY,
    TEXT,
    BLOB,
    ENUM,
    SET,
    JSON
  }

  /** A type that needs nothing but its kind, e.g. a signed BIGINT. */
  public static ColumnType of(Kind kind) {
    return new ColumnType(kind, false, 0, 0, "", "");
  }
}
