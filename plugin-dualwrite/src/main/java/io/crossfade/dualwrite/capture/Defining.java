package io.crossfade.dualwrite.capture;

import io.crossfade.api.plugin.Exchange;
import io.crossfade.api.sql.Ddl;
import io.crossfade.api.sql.SqlAnalyzer.Analyzed;
import io.crossfade.api.sql.Statement;
import io.crossfade.api.sql.Statement.Kind;
import io.crossfade.api.sql.TableName;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Commands that define tables, views, triggers, routines and foreign keys: which are refused, and
 * that the catalogue is out of date from before they are forwarded until it was read after them.
 * Thread-safe.
 */
public final class Defining {
  /** What a command defines. */
  enum What {
    /** Nothing. */
    NOTHING,
    /** Something that is in its text. */
    DEFINES,
    /** Perhaps something: its text is not here. */
    PERHAPS
  }

  private static final Pattern DEFINES =
      Pattern.compile("(?is)\\s*(CREATE|ALTER|DROP|RENAME)\\b.*");

  private final Definitions definitions;
  private final Runnable onPerhaps;
  private final Supplier<List<TableName>> protectedTables;

  /**
   * @param onPerhaps told when a command has ended that may have defined something unseen: the
   *     catalogue is to be read soon
   * @param protectedTables tables whose definition must not be changed
   */
  public Defining(
      Definitions definitions, Runnable onPerhaps, Supplier<List<TableName>> protectedTables) {
    this.definitions = definitions;
    this.onPerhaps = onPerhaps;
    this.protectedTables = protectedTables;
  }

  /** The protected table that a statement of the command is understood to alter. */
  Optional<TableName> refused(Exchange exchange, String database) {
    List<TableName> tables = protectedTables.get();
    if (tables.isEmpty()) {
      return Optional.empty();
    }
    for (Analyzed a : exchange.statements()) {
      Statement s = a.statement();
      if (s.kind() == Kind.DDL || s.kind() == Kind.TRUNCATE) {
        Ddl ddl = Ddl.read(s.template(), database);
        Optional<TableName> altered = tables.stream().filter(ddl::alters).findFirst();
        if (altered.isPresent()) {
          return altered;
        }
      }
    }
    return Optional.empty();
  }

  /** To be called before the command is forwarded; what it says is due to {@link #ended}. */
  What sending(Exchange exchange, String database) {
    boolean defines = false;
    boolean code = false;
    boolean perhaps = false;
    for (Analyzed a : exchange.statements()) {
      Statement s = a.statement();
      if (s.kind() == Kind.DDL && DEFINES.matcher(s.template()).matches()) {
        defines = true;
        code |= Ddl.read(s.template(), database).code();
      } else if (s.kind() == Kind.OTHER && CapturePlanner.hides(s)) {
        defines = true;
        code = true;
      }
      perhaps |= s.kind() == Kind.CALL || s.kind() == Kind.EXECUTE;
    }
    if (defines) {
      definitions.sent(code);
      return What.DEFINES;
    }
    return perhaps || hidden(exchange) ? What.PERHAPS : What.NOTHING;
  }

  /** COM_QUERY, COM_STMT_EXECUTE or an unknown command, without a text. */
  private static boolean hidden(Exchange exchange) {
    return exchange.statements().isEmpty() && Command.of(exchange).unreadable();
  }

  /** The command was answered, was not sent after all, or its session is lost. */
  void ended(What what) {
    switch (what) {
      case NOTHING -> {}
      case DEFINES -> definitions.answered();
      case PERHAPS -> onPerhaps.run();
    }
  }
}
