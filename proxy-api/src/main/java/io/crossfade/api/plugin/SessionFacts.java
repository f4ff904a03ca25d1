package io.crossfade.api.plugin;

import io.crossfade.api.sql.SqlMode;

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
 */
public record SessionFacts(
    String sqlMode,
    String timeZone,
    String characterSetResults,
    String characterSetClient,
    String sqlSelectLimit,
    String isolation,
    String account,
    String role) {
  /** The lexer's part of {@link #sqlMode}. */
  public SqlMode lexerMode() {
    return SqlMode.of(sqlMode);
  }
}
