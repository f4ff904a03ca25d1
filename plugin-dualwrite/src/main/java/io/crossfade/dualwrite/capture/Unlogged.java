package io.crossfade.dualwrite.capture;

import io.crossfade.api.plugin.Exchange;
import io.crossfade.api.sql.SqlAnalyzer.Analyzed;
import io.crossfade.api.sql.Statement;
import io.crossfade.api.sql.Statement.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which commands may bring it about that what a session changes later does not stand in the binlog
 * under its connection id: by {@code sql_log_bin}, by {@code pseudo_thread_id}, by XA, or by text
 * that the proxy does not see. Stateless.
 */
public final class Unlogged {
  /** Variables that must not pass unseen. In lower case. */
  public static final List<String> VARIABLES = List.of("sql_log_bin", "pseudo_thread_id");

  private static final Set<Kind> ANY_TEXT = Set.of(Kind.CALL, Kind.EXECUTE, Kind.OTHER);

  private Unlogged() {}

  /** Whether the command may. */
  static boolean mayFollow(Exchange exchange, Command command) {
    return command.unreadable()
        || exchange.statements().stream().map(Analyzed::statement).anyMatch(Unlogged::mayFollow);
  }

  private static boolean mayFollow(Statement statement) {
    if (ANY_TEXT.contains(statement.kind())
        || statement.kind() == Kind.XA
        || CapturePlanner.hides(statement)) {
      return true;
    }
    String template = statement.template().toLowerCase(Locale.ROOT);
    return VARIABLES.stream().anyMatch(template::contains);
  }
}
