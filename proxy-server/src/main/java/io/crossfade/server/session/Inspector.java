package io.crossfade.server.session;

import io.crossfade.api.sql.SqlAnalyzer.Analyzed;
import io.crossfade.api.sql.SqlMode;
import io.crossfade.api.sql.Statement;
import io.crossfade.api.sql.Statement.Kind;
import io.crossfade.server.frame.Frames;
import io.crossfade.server.protocol.AnswerTracker;
import io.crossfade.server.protocol.ChangeUser;
import io.crossfade.server.protocol.CommandType;
import io.crossfade.server.protocol.MalformedPacketException;
import io.crossfade.server.protocol.QueryText;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a command and says whether the plugins must see it and what it changes. Event-loop
 * confined.
 *
 * <p>While nothing is watched and no plugin is attentive nothing is looked at.
 */
final class Inspector {
  private static final NameSearch FOUND = NameSearch.words("found_rows");
  static final NameSearch DIAGNOSTICS =
      NameSearch.words(
          "found_rows",
          "row_count",
          "warnings",
          "errors",
          "diagnostics",
          "warning_count",
          "error_count");
  private static final NameSearch READS =
      NameSearch.words("select", "table", "join", "using", "with");
  private static final NameSearch ANYTHING =
      NameSearch.words(
          "call", "execute", "prepare", "load", "xa", "handler", "binlog", "lock", "flush", "/*!");
  private static final NameSearch USE = NameSearch.words("use", "drop");
  private static final NameSearch SCHEMA = NameSearch.words("database", "schema");

  /** Command and statement. */
  private static final int SHORTEST_CLOSE = 5;

  /** Command, statement and parameter. */
  private static final int SHORTEST_LONG_DATA = 7;

  private final SessionContext context;
  private final SessionState state;
  private final List<Plugin> plugins;
  private final PreparedStatements prepared;

  Inspector(
      SessionContext context,
      SessionState state,
      List<Plugin> plugins,
      PreparedStatements prepared) {
    this.context = context;
    this.state = state;
    this.plugins = plugins;
    this.prepared = prepared;
  }

  /** Whether a search for FOUND_ROWS() alone succeeds in the command's text. */
  static boolean readsFoundRows(ByteBuf bytes) {
    return FOUND.find(bytes, bytes.readerIndex(), bytes.writerIndex());
  }

  /** Whether a write may read other rows first, by the words in its text. */
  static boolean mayRead(ByteBuf bytes) {
    return READS.find(bytes, bytes.readerIndex(), bytes.writerIndex());
  }

  /** Looks at a whole command. */
  Command inspect(ByteBuf packet) {
    int at = packet.readerIndex() + Frames.HEADER;
    int code = packet.isReadable(Frames.HEADER + 1) ? packet.getUnsignedByte(at) : -1;
    CommandType type =
        code < 0 || refusedAsTooShort(code, packet.writerIndex() - at)
            ? CommandType.UNKNOWN
            : CommandType.of(code);
    Command command = new Command(type, code, packet);
    NameSearch names = context.names();
    boolean attentive = Plugin.anyAttentive(plugins);
    boolean armed = attentive || (!plugins.isEmpty() && !names.isEmpty());
    prepared.judgeBy(names);
    ByteBuf payload = packet.slice(at, packet.writerIndex() - at);
    try {
      command.statement = statement(type, payload);
      switch (type) {
        case QUERY -> query(command, payload, names, armed, attentive);
        case STMT_PREPARE -> {
          if (armed) {
            prepared.prepare(command, payload, names);
          }
        }
        case STMT_EXECUTE -> prepared.execute(command, payload, armed, attentive);
        default -> other(command, payload, armed, attentive);
      }
    } catch (MalformedPacketException unreadable) {
      // MySQL knows what to answer.
      command.shown = armed;
      command.onForward = state::variablesChanged;
    }
    (armed
            ? command.shown ? context.metrics().hits : context.metrics().inspected
            : context.metrics().relayed)
        .increment();
    return command;
  }

  private long statement(CommandType type, ByteBuf payload) {
    if (payload.readableBytes() < SHORTEST_CLOSE) {
      return Command.NO_STATEMENT;
    }
    return switch (type) {
      case STMT_EXECUTE, STMT_SEND_LONG_DATA, STMT_CLOSE, STMT_RESET, STMT_FETCH ->
          prepared.id(payload);
      default -> Command.NO_STATEMENT;
    };
  }

  /** MySQL answers a command that has no answer by error 1835 when it is cut short. */
  private boolean refusedAsTooShort(int code, int length) {
    return switch (CommandType.of(code)) {
      case STMT_CLOSE -> length < SHORTEST_CLOSE && !state.server().isMariaDb();
      case STMT_SEND_LONG_DATA -> length < SHORTEST_LONG_DATA && !state.server().isMariaDb();
      default -> false;
    };
  }

  private void query(
      Command command, ByteBuf payload, NameSearch names, boolean armed, boolean attentive) {
    if (!armed) {
      command.onForward =
          () -> {
            state.variablesChanged();
            state.databaseUnknown();
          };
      return;
    }
    int start = QueryText.start(payload, state.capabilities());
    int end = payload.writerIndex();
    command.kind = FirstWord.of(payload, start, end, context.analyzer());
    command.multiple = state.multiStatements() && holdsSeveral(payload, start, end);
    command.shown =
        attentive
            || names.find(payload, start, end)
            || FirstWord.reachesAnything(command.kind)
            || (command.kind == Kind.DDL && SCHEMA.find(payload, start, end))
            || (command.multiple
                && (ANYTHING.find(payload, start, end) || SCHEMA.find(payload, start, end)));
    command.answerable = !command.multiple && command.kind == Kind.SELECT;
    command.readsDiagnostics =
        FirstWord.runsHiddenText(command.kind) || DIAGNOSTICS.find(payload, start, end);
    command.statements = () -> statements(text(payload, start));
    if (command.multiple || !FirstWord.keepsVariables(command.kind)) {
      command.onForward = state::variablesChanged;
    }
    trackDatabase(command, payload, start, end);
  }

  /**
   * The statements of a text; none when the database is not known, or when an earlier one changes
   * how a later one is to be read: the database that unqualified names are in, or the SQL mode.
   */
  private List<Analyzed> statements(byte[] text) {
    if (!state.databaseKnown()) {
      return List.of();
    }
    List<Analyzed> all = context.analyzer().analyze(text, state.database(), state.sqlMode());
    return all.size() > 1 && all.stream().anyMatch(a -> changesReading(a.statement()))
        ? List.of()
        : all;
  }

  private static boolean changesReading(Statement statement) {
    return statement.kind() == Kind.USE
        || (statement.kind() == Kind.SET
            && statement.template().toLowerCase(Locale.ROOT).contains("sql_mode"));
  }

  private void trackDatabase(Command command, ByteBuf payload, int start, int end) {
    if (command.multiple && USE.find(payload, start, end)
        || (command.kind == Kind.DDL || command.kind == Kind.OTHER)
            && SCHEMA.find(payload, start, end)) {
      command.onEnd = tracker -> state.databaseUnknown();
    } else if (command.kind == Kind.USE) {
      String name = usedDatabase(new String(text(payload, start), StandardCharsets.UTF_8));
      command.onEnd =
          tracker -> {
            if (tracker.end().error() != 0 || tracker.end().schema() != null) {
              return;
            }
            if (name == null) {
              state.databaseUnknown();
            } else {
              state.database(name);
            }
          };
    }
  }

  /** The name in {@code USE name}; null when the text is not that simple. */
  static @Nullable String usedDatabase(String text) {
    String rest = text.strip();
    if (!rest.toLowerCase(Locale.ROOT).startsWith("use")) {
      return null;
    }
    rest = rest.substring(3).strip();
    if (rest.endsWith(";")) {
      rest = rest.substring(0, rest.length() - 1).strip();
    }
    if (rest.length() > 2 && rest.startsWith("`") && rest.endsWith("`")) {
      rest = rest.substring(1, rest.length() - 1);
      return rest.contains("`") ? null : rest;
    }
    return rest.matches("[\\p{L}\\p{N}_$]+") ? rest : null;
  }

  private static boolean holdsSeveral(ByteBuf text, int start, int end) {
    int semicolon = text.indexOf(start, end, (byte) ';');
    if (semicolon < 0) {
      return false;
    }
    for (int i = semicolon + 1; i < end; i++) {
      if (!Character.isWhitespace(text.getByte(i))) {
        return true;
      }
    }
    return false;
  }

  static byte[] text(ByteBuf payload, int start) {
    return ByteBufUtil.getBytes(payload, start, payload.writerIndex() - start);
  }

  private void other(Command command, ByteBuf payload, boolean armed, boolean attentive) {
    if (command.type == CommandType.STMT_BULK_EXECUTE) {
      command.shown = armed;
      command.onForward = prepared.bulk(payload);
      return;
    }
    if (command.type == CommandType.UNKNOWN) {
      context.metrics().unknownCommands.increment();
      command.shown = armed;
      command.onForward = state::variablesChanged;
      return;
    }
    command.shown = attentive && !command.type.harmless();
    switch (command.type) {
      case INIT_DB -> {
        String name =
            payload.toString(
                payload.readerIndex() + 1, payload.readableBytes() - 1, StandardCharsets.UTF_8);
        command.onEnd = t -> ifOk(t, () -> state.database(name));
      }
      case DROP_DB -> {
        command.shown = armed;
        command.onEnd = t -> state.databaseUnknown();
      }
      case REFRESH, DEBUG -> command.readsDiagnostics = true; // they count the warnings left behind
      case SET_OPTION -> command.onForward = state::multiStatementsAllowed;
      case STMT_CLOSE -> command.onForward = prepared.closed(payload);
      case STMT_RESET -> command.onForward = prepared.reset(payload);
      case STMT_SEND_LONG_DATA -> command.onForward = prepared.longData(payload);
      case RESET_CONNECTION, CHANGE_USER -> newSession(command, payload);
      default -> {}
    }
  }

  /** Both roll the open transaction back and forget the session's statements and variables. */
  private void newSession(Command command, ByteBuf payload) {
    command.statements =
        () ->
            context
                .analyzer()
                .analyze(
                    "ROLLBACK".getBytes(StandardCharsets.US_ASCII),
                    state.database(),
                    SqlMode.DEFAULT);
    command.onForward = state::variablesChanged;
    @Nullable ChangeUser change =
        command.type == CommandType.CHANGE_USER
            ? ChangeUser.decode(payload.duplicate(), state.capabilities())
            : null;
    command.onEnd =
        tracker ->
            ifOk(
                tracker,
                () -> {
                  prepared.clear();
                  if (change != null) {
                    state.account(change.user(), change.database());
                  }
                });
  }

  private static void ifOk(AnswerTracker tracker, Runnable action) {
    if (tracker.end().error() == 0) {
      action.run();
    }
  }

  /** Looks at the beginning of a command that is too large to be held. */
  Command inspectLarge(ByteBuf beginning, NameSearch.Streaming search) {
    int code = beginning.getUnsignedByte(beginning.readerIndex() + Frames.HEADER);
    Command command = new Command(CommandType.of(code), code, Unpooled.EMPTY_BUFFER);
    command.streamed = true;
    ByteBuf payload = beginning.slice().skipBytes(Frames.HEADER);
    boolean attentive = Plugin.anyAttentive(plugins);
    boolean armed = attentive || (!plugins.isEmpty() && !context.names().isEmpty());
    prepared.judgeBy(context.names());
    command.statement = statement(command.type, payload);
    switch (command.type) {
      case QUERY -> {
        command.multiple = armed && state.multiStatements();
        command.kind = armed ? largeKind(payload.slice()) : Kind.OTHER;
        command.shown = attentive || armed && FirstWord.reachesAnything(command.kind);
        command.onForward =
            () -> {
              state.variablesChanged();
              state.databaseUnknown();
            };
      }
      case STMT_PREPARE -> {
        if (armed) {
          prepared.prepareLarge(command, payload, search);
        }
      }
      case STMT_EXECUTE -> prepared.executeLarge(command, payload, armed, attentive);
      case STMT_SEND_LONG_DATA -> command.onForward = prepared.longData(payload);
      default -> other(command, payload, armed, attentive);
    }
    context.metrics().inspected.increment();
    return command;
  }

  private Kind largeKind(ByteBuf beginning) {
    try {
      int start = QueryText.start(beginning, state.capabilities());
      return FirstWord.of(beginning, start, beginning.writerIndex(), context.analyzer());
    } catch (MalformedPacketException unreadable) {
      return Kind.OTHER;
    }
  }

  /** The search for watched names that a streamed command's bytes go through. */
  NameSearch.Streaming streaming() {
    return context.names().streaming();
  }

  /** The search for what may reach tables that the text does not name. */
  static NameSearch.Streaming streamingAnything() {
    return ANYTHING.streaming();
  }
}
