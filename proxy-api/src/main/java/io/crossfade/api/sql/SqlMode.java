package io.crossfade.api.sql;

/**
 * What the meaning of a session's SQL text depends on.
 *
 * @param known whether the values below are known; when not, text whose meaning depends on them
 *     (double quotes, backslashes, {@code ||}) is opaque
 * @param ansiQuotes sql_mode contains ANSI_QUOTES
 * @param noBackslashEscapes sql_mode contains NO_BACKSLASH_ESCAPES
 */
public record SqlMode(boolean known, boolean ansiQuotes, boolean noBackslashEscapes) {
  /** Nothing is known. */
  public static final SqlMode UNKNOWN = new SqlMode(false, false, false);

  /** MySQL's default: backslash escapes, double quotes are strings. */
  public static final SqlMode DEFAULT = new SqlMode(true, false, false);

  /** The mode a {@code @@sql_mode} value stands for. */
  public static SqlMode of(String sqlMode) {
    String s = "," + sqlMode.toUpperCase(java.util.Locale.ROOT) + ",";
    return new SqlMode(
        true,
        s.contains(",ANSI_QUOTES,") || s.contains(",ANSI,"),
        s.contains(",NO_BACKSLASH_ESCAPES,"));
  }
}
