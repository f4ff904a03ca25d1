package io.crossfade.server.session;

import io.crossfade.api.plugin.Exchange.Protocol;
import io.crossfade.api.sql.SqlAnalyzer.Analyzed;
import io.crossfade.api.sql.Statement.Kind;
import io.crossfade.api.value.SqlValue;
import io.crossfade.server.frame.Frames;
import io.crossfade.server.protocol.AnswerTracker;
import io.crossfade.server.protocol.BinaryValues;
import io.crossfade.server.protocol.Capabilities;
import io.crossfade.server.protocol.ExecuteRequest;
import io.crossfade.server.protocol.Lenenc;
import io.crossfade.server.protocol.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The statements the client has prepared, and what their executions mean. Event-loop confined. */
final class PreparedStatements {
  private static final int MAX_REMEMBERED = 16_384;

  /** MariaDB's number of the statement that was prepared last, whatever its own is. */
  private static final long LAST = 0xFFFF_FFFFL;

  /** COM_STMT_EXECUTE up to its iteration count. */
  private static final int EXECUTE_HEAD = 10;

  private static final Runnable NOTHING = () -> {};

  private final SessionContext context;
  private final SessionState state;
  private final LongObjectMap<PreparedStatement> byId = new LongObjectHashMap<>();
  private NameSearch judgedBy;
  private long last;

  PreparedStatements(SessionContext context, SessionState state) {
    this.context = context;
    this.state = state;
    judgedBy = context.names();
  }

  /** What was prepared under other names was judged by those. */
  void judgeBy(NameSearch names) {
    if (names != judgedBy) {
      byId.values().forEach(PreparedStatement::suspect);
      judgedBy = names;
    }
  }

  /** The statement of that number; null when it is not known. */
  @Nullable PreparedStatement get(long id) {
    return byId.get(id);
  }

  /** The number of the statement of a command that begins with it. */
  long id(ByteBuf payload) {
    long id = ExecuteRequest.statementId(payload);
    return id == LAST ? last : id;
  }

  private @Nullable PreparedStatement of(ByteBuf payload) {
    return byId.get(id(payload));
  }

  /** Remembers a statement; not beyond a number that no sane client reaches. */
  void put(long id, PreparedStatement statement) {
    if (byId.size() < MAX_REMEMBERED) {
      byId.put(id, statement);
    }
  }

  /** The session begins anew. */
  void clear() {
    byId.clear();
  }

  /** COM_STMT_PREPARE. */
  void prepare(Command command, ByteBuf payload, NameSearch names) {
    byte[] sql = Inspector.text(payload, 1);
    ByteBuf view = Unpooled.wrappedBuffer(sql);
    Kind kind = FirstWord.of(view, 0, sql.length, context.analyzer());
    boolean hit = names.find(view, 0, sql.length) || FirstWord.reachesAnything(kind);
    boolean diagnostics =
        FirstWord.runsHiddenText(kind) || Inspector.DIAGNOSTICS.find(view, 0, sql.length);
    command.needsDatabase = hit;
    command.onEnd =
        tracker -> {
          last = tracker.statementId();
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
    put(tracker.statementId(), statement);
  }

  /** COM_STMT_EXECUTE. */
  void execute(Command command, ByteBuf payload, boolean armed, boolean attentive) {
    command.protocol = Protocol.BINARY;
    PreparedStatement statement = of(payload);
    if (statement == null) {
      command.shown = armed;
      command.onForward = state::variablesChanged;
      return;
    }
    command.kind = statement.kind();
    command.shown = attentive || statement.hit();
    command.readsDiagnostics = statement.readsDiagnostics();
    @Nullable ExecuteRequest request = decode(payload, statement);
    BinaryValues values = request == null ? null : request.values();
    boolean newTypes =
        values == null
            ? request == null && bringsTypes(payload, statement.parameters())
            : values.newTypes();
    if (newTypes) {
      // Those that cannot be read are no longer the ones before.
      statement.types(values == null ? BinaryValues.NO_TYPES : values.types());
    }
    List<SqlValue> bound = request == null ? List.of() : request.parameters(statement.parameters());
    command.statements = () -> statement.bind(bound);
    command.answerable =
        request != null
            && !request.cursor()
            && request.statementId() != LAST
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
          if (newTypes || request != null) {
            statement.mysqlKnowsTypes(true);
          }
          statement.longData().clear();
        };
    command.onRefused =
        injections -> {
          // For the client it was an execution all the same.
          if (newTypes) {
            statement.mysqlKnowsTypes(false);
          }
          if (!statement.longData().isEmpty()) {
            statement.longData().clear();
            injections.reset(ExecuteRequest.statementId(payload));
          }
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
    // As many as this execution has: those that are known may be of one with query attributes.
    for (int i = 0; i < values.values().size(); i++) {
      out.writeShortLE(values.types()[i]);
      if (named) {
        out.writeByte(0);
      }
    }
    out.writeBytes(packet, flag + 1, packet.writerIndex() - flag - 1);
    Frames.finish(out, 0, packet.getUnsignedByte(packet.readerIndex() + 3));
    packet.release();
    return out;
  }

  /** COM_STMT_PREPARE of a text too large to be looked into. */
  void prepareLarge(Command command, ByteBuf beginning, NameSearch.Streaming search) {
    boolean reaches =
        FirstWord.reachesAnything(
            FirstWord.of(
                beginning,
                beginning.readerIndex() + 1,
                beginning.writerIndex(),
                context.analyzer()));
    command.onEnd =
        tracker -> {
          last = tracker.statementId();
          if (tracker.end().error() == 0) {
            remember(
                tracker,
                new PreparedStatement(null, reaches || search.found(), true, tracker.parameters()));
          }
        };
  }

  /** COM_STMT_EXECUTE with more parameters than are held. */
  void executeLarge(Command command, ByteBuf payload, boolean armed, boolean attentive) {
    command.protocol = Protocol.BINARY;
    PreparedStatement statement = of(payload);
    if (statement == null) {
      command.shown = armed;
      command.onForward = state::variablesChanged;
      return;
    }
    command.onForward =
        () -> {
          state.variablesChanged();
          statement.mysqlKnowsTypes(true);
        };
    if (!statement.mysqlKnowsTypes() && !bringsTypes(payload, statement.parameters())) {
      throw new MalformedPacketException("a large execution depends on types of an answered one");
    }
    command.shown = attentive || statement.hit();
    command.statements = () -> statement.bind(List.of());
    statement.types(BinaryValues.NO_TYPES);
    statement.longData().clear();
  }

  /** Whether the types of the parameters lie in the beginning of an execution. */
  private boolean bringsTypes(ByteBuf beginning, int parameters) {
    ByteBuf in = beginning.slice();
    if (in.readableBytes() < EXECUTE_HEAD) {
      return false;
    }
    boolean counted = (in.getByte(in.readerIndex() + 5) & 0x08) != 0;
    in.skipBytes(EXECUTE_HEAD);
    long count =
        counted && Capabilities.has(state.capabilities(), Capabilities.QUERY_ATTRIBUTES)
            ? Lenenc.readInt(in)
            : parameters;
    long flag = in.readerIndex() + (count + 7) / 8;
    return count > 0 && flag < in.writerIndex() && in.getByte((int) flag) != 0;
  }

  /**
   * MariaDB's COM_STMT_BULK_EXECUTE: what happens when it goes to MySQL. It may leave other types
   * behind than those remembered, so nothing is known of the statement afterwards.
   */
  Runnable bulk(ByteBuf payload) {
    Runnable forget = closed(payload);
    return () -> {
      state.variablesChanged();
      forget.run();
    };
  }

  /** COM_STMT_CLOSE: what happens when it goes to MySQL. */
  Runnable closed(ByteBuf payload) {
    long id = id(payload);
    return () -> byId.remove(id);
  }

  /** COM_STMT_RESET: what happens when it goes to MySQL. */
  Runnable reset(ByteBuf payload) {
    PreparedStatement statement = of(payload);
    return statement == null ? NOTHING : () -> statement.longData().clear();
  }

  /** COM_STMT_SEND_LONG_DATA: what happens when it goes to MySQL. */
  Runnable longData(ByteBuf payload) {
    PreparedStatement statement = of(payload);
    if (statement == null || payload.readableBytes() < 7) {
      return NOTHING;
    }
    int parameter = payload.getUnsignedShortLE(payload.readerIndex() + 5);
    return () -> statement.longData().set(parameter);
  }
}
