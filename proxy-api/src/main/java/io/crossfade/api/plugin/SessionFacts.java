package io.crossfade.api.plugin;

import io.crossfade.api.sql.SqlMode;
import java.util.Locale;
import java.util.Set;

/**
 * Session variables as MySQL told them on the session itself.
 *
 * @param sqlMode {@code @@sql_mode}, raw
 * @param timeZone {@code @@time_zone}, with SYSTEM replaced by {@code @@system_time_zone}
 * @param characterSetResults {@code @@character_set_results}; empty when NULL
 * @param characterSetClient {@code @@character_set_client}
 * @param sqlSelectLimit {@code @@sql_select_limit}, unsigned 64 bit as text
 * @param isolation {@code @@transaction_isolation}
 * @param account {@code CURRENT_USER()}
 * @param role {@code CURRENT_ROLE()}
 * @param autoIncrementIncrement {@code @@auto_increment_increment}; empty when not known
 */
public record SessionFacts(
    String sqlMode,
    String timeZone,
    String characterSetResults,
    String characterSetClient,
    String sqlSelectLimit,
    String isolation,
    String account,
    String role,
    String autoIncrementIncrement) {
  /** Character sets in which a backslash or a quote may be the second byte of a character. */
  private static final Set<String> TREACHEROUS = Set.of("big5", "cp932", "gb18030", "gbk", "sjis");

  /** Facts without {@link #autoIncrementIncrement}. */
  public SessionFacts(
      String sqlMode,
      String timeZone,
      String characterSetResults,
      String characterSetClient,
      String sqlSelectLimit,
      String isolation,
      String account,
      String role) {
    this(
        sqlMode,
        timeZone,
        characterSetResults,
        characterSetClient,
        sqlSelectLimit,
        isolation,
        account,
        role,
        "");
  }

  /** How the session's text is read: unknown in character sets whose bytes cannot be told apart. */
  public SqlMode lexerMode() {
    return TREACHEROUS.contains(characterSetClient.toLowerCase(Locale.ROOT))
        ? SqlMode.UNKNOWN
        : SqlMode.of(sqlMode);
  }
}
