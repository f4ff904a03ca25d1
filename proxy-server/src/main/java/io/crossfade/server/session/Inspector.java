package io.crossfade.server.session;

import io.crossfade.api.plugin.Exchange.Protocol;
import io.crossfade.api.sql.SqlAnalyzer.Analyzed;
import io.crossfade.api.sql.SqlMode;
import io.crossfade.api.sql.Statement;
import io.crossfade.api.sql.Statement.Kind;
import io.crossfade.api.value.SqlValue;
import io.crossfade.server.frame.Frames;
import io.crossfade.server.protocol.AnswerTracker;
import io.crossfade.server.protocol.BinaryValues;
import io.crossfade.server.protocol.Capabilities;
import io.crossfade.server.protocol.ChangeUser;
import io.crossfade.server.protocol.CommandType;
import io.crossfade.server.protocol.ExecuteRequest;
import io.crossfade.server.protocol.MalformedPacketException;
import io.crossfade.server.protocol.QueryText;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
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
  private static final NameSearch DIAGNOSTICS =
      NameSearch.words(
          "found_rows",
          "row_count",
          "warnings",
          "errors",
          "diagnostics",
          "warning_count",
          "error_count");
  private static final NameSearch ANYTHING =
      NameSearch.words(
          "call", "execute", "prepare", "load", "xa", "handler", "binlog", "lock", "flush", "/*!");
  private static final NameSearch USE = NameSearch.words("use", "drop");
  private static final NameSearch SCHEMA = NameSearch.words("database", "schema");
  private static final int MAX_REMEMBERED = 16_384;

  private final SessionContext context;
  private final SessionState state;
  private final List<Plugin> plugins;
  private final LongObjectMap<PreparedStatement> prepared = new LongObjectHashMap<>();
  private NameSearch preparedUnder;

  Inspector(SessionContext context, SessionState state, List<Plugin> plugins) {
    this.context = context;
    this.state = state;
    this.plugins = plugins;
    preparedUnder = context.names();
  }

  private boolean attentive() {
    for (int i = 0; i < plugins.size(); i++) {
      if (plugins.get(i).interceptor().attentive()) {
        return true;
      }
    }
    return false;
  }

  /** Whether a search for FOUND_ROWS() alone succeeds in the command's text. */
  static boolean readsFoundRows(ByteBuf bytes) {
    return FOUND.find(bytes, bytes.readerIndex(), bytes.writerIndex());
  }

  /** Looks at a whole command. */
  Command inspect(ByteBuf packet) {
    int at = packet.readerIndex() + Frames.HEADER;
    int code = packet.isReadable(Frames.HEADER + 1) ? packet.getUnsignedByte(at) : -1;
    CommandType type = code < 0 ? CommandType.UNKNOWN : CommandType.of(code);
    Command command = new Command(type, code, packet);
    NameSearch names = context.names();
    boolean attentive = attentive();
    boolean armed = attentive || !names.isEmpty();
    judgePreparedBy(names);
    ByteBuf payload = packet.slice(at, packet.writerIndex() - at);
    try {
      switch (type) {
        case QUERY -> query(command, payload, names, armed, attentive);
        case STMT_PREPARE -> prepare(command, payload, names, armed);
        case STMT_EXECUTE -> execute(command, payload, armed, attentive);
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

  /** What was prepared under other names was judged by those. */
  private void judgePreparedBy(NameSearch names) {
    if (names != preparedUnder) {
      prepared.values().forEach(PreparedStatement::suspect);
      preparedUnder = names;
    }
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

  private static byte[] text(ByteBuf payload, int start) {
    return ByteBufUtil.getBytes(payload, start, payload.writerIndex() - start);
  }

  private void prepare(Command command, ByteBuf payload, NameSearch names, boolean armed) {
    if (!armed) {
      return;
    }
    byte[] sql = text(payload, 1);
    ByteBuf view = Unpooled.wrappedBuffer(sql);
    Kind kind = FirstWord.of(view, 0, sql.length, context.analyzer());
    boolean hit = names.find(view, 0, sql.length) || FirstWord.reachesAnything(kind);
    boolean diagnostics = FirstWord.runsHiddenText(kind) || DIAGNOSTICS.find(view, 0, sql.length);
    command.needsDatabase = hit;
    command.onEnd =
        tracker -> {
          if (tracker.end().error() == 0) {
            // Without the database its unqualified names were in, it may be about any table.
            @Nullable Analyzed analyzed =
                state.databaseKnown()
                    ? context.analyzer().analyzePrepared(sql, state.database(), state.sqlMode())
                    : null;
            remember(
                tracker, new PreparedStatement(analyzed, hit, diagnostics, tracker.parameters()));
          }
        };
  }

  private void remember(AnswerTracker tracker, PreparedStatement statement) {
    if (prepared.size() < MAX_REMEMBERED) {
      prepared.put(tracker.statementId(), statement);
    }
  }

  private void execute(Command command, ByteBuf payload, boolean armed, boolean attentive) {
    command.protocol = Protocol.BINARY;
    PreparedStatement statement = prepared.get(ExecuteRequest.statementId(payload));
    if (statement == null) {
      command.shown = armed;
      command.onForward = state::variablesChanged;
      return;
    }
    Analyzed analyzed = statement.analyzed();
    command.kind = analyzed == null ? Kind.OTHER : analyzed.statement().kind();
    command.shown = attentive || statement.hit();
    command.readsDiagnostics = statement.readsDiagnostics();
    @Nullable ExecuteRequest request = decode(payload, statement);
    BinaryValues values = request == null ? null : request.values();
    boolean newTypes = values != null && values.newTypes();
    if (values != null && newTypes) {
      statement.types(values.types());
    }
    List<SqlValue> bound = request == null ? List.of() : request.parameters(statement.parameters());
    command.statements = () -> statement.bind(bound);
    command.answerable =
        request != null
            && !request.cursor()
            && statement.longData().isEmpty()
            && command.kind == Kind.SELECT;
    command.onForward =
        () -> {
          if (!FirstWord.keepsVariables(command.kind)) {
            state.variablesChanged();
          }
          if (values != null && !newTypes && !statement.mysqlKnowsTypes()) {
            command.bytes = withTypes(command.bytes, values);
          }
          statement.mysqlKnowsTypes(true);
          statement.longData().clear();
        };
    command.onAnswered =
        () -> {
          if (newTypes) {
            statement.mysqlKnowsTypes(false);
          } else if (values != null && !statement.mysqlKnowsTypes()) {
            // Should it be repeated to MySQL, it must bring them.
            command.bytes = withTypes(command.bytes, values);
          }
        };
  }

  private @Nullable ExecuteRequest decode(ByteBuf payload, PreparedStatement statement) {
    try {
      return ExecuteRequest.decode(
          payload,
          state.capabilities(),
          statement.parameters(),
          statement.types(),
          statement.longData());
    } catch (MalformedPacketException unreadable) {
      return null;
    }
  }

  /** The same execution with its types, which MySQL has not seen yet. */
  private ByteBuf withTypes(ByteBuf packet, BinaryValues values) {
    boolean named = Capabilities.has(state.capabilities(), Capabilities.QUERY_ATTRIBUTES);
    int flag = packet.readerIndex() + Frames.HEADER + values.typesAt();
    ByteBuf out = packet.alloc().buffer(packet.readableBytes() + 3 * values.types().length);
    out.writeBytes(packet, packet.readerIndex(), flag - packet.readerIndex());
    out.writeByte(1);
    for (int type : values.types()) {
      out.writeShortLE(type);
      if (named) {
        out.writeByte(0);
      }
    }
    out.writeBytes(packet, flag + 1, packet.writerIndex() - flag - 1);
    Frames.finish(out, 0, packet.getUnsignedByte(packet.readerIndex() + 3));
    packet.release();
    return out;
  }

  private void other(Command command, ByteBuf payload, boolean armed, boolean attentive) {
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
      case SET_OPTION -> command.onForward = state::multiStatementsAllowed;
      case STMT_CLOSE -> command.onForward = forget(payload);
      case STMT_RESET -> {
        PreparedStatement statement = prepared.get(ExecuteRequest.statementId(payload));
        if (statement != null) {
          command.onForward = () -> statement.longData().clear();
        }
      }
      case STMT_SEND_LONG_DATA -> command.onForward = longData(payload);
      case RESET_CONNECTION, CHANGE_USER -> newSession(command, payload);
      default -> {}
    }
  }

  private Runnable forget(ByteBuf payload) {
    long id = ExecuteRequest.statementId(payload);
    return () -> prepared.remove(id);
  }

  private Runnable longData(ByteBuf payload) {
    PreparedStatement statement = prepared.get(ExecuteRequest.statementId(payload));
    if (statement == null || payload.readableBytes() < 7) {
      return () -> {};
    }
    int parameter = payload.getUnsignedShortLE(payload.readerIndex() + 5);
    return () -> statement.longData().set(parameter);
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
    boolean attentive = attentive();
    boolean armed = attentive || !context.names().isEmpty();
    judgePreparedBy(context.names());
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
      case STMT_PREPARE ->
          command.onEnd =
              tracker -> {
                if (armed && tracker.end().error() == 0) {
                  remember(
                      tracker,
                      new PreparedStatement(null, search.found(), true, tracker.parameters()));
                }
              };
      case STMT_EXECUTE -> executeLarge(command, payload, armed, attentive);
      case STMT_SEND_LONG_DATA -> command.onForward = longData(payload);
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

  private void executeLarge(Command command, ByteBuf payload, boolean armed, boolean attentive) {
    command.protocol = Protocol.BINARY;
    command.onForward = state::variablesChanged;
    PreparedStatement statement = prepared.get(ExecuteRequest.statementId(payload));
    if (statement == null) {
      command.shown = armed;
      return;
    }
    if (!statement.mysqlKnowsTypes()) {
      throw new MalformedPacketException("a large execution depends on types of an answered one");
    }
    command.shown = attentive || statement.hit();
    command.statements = () -> statement.bind(List.of());
    statement.types(BinaryValues.NO_TYPES);
    statement.longData().clear();
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
