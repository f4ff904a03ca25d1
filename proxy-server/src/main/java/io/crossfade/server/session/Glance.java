package io.crossfade.server.session;

import io.crossfade.api.sql.Statement.Kind;
import io.crossfade.server.protocol.Capabilities;
import io.crossfade.server.protocol.CommandType;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * The short way for the commands that nearly all traffic consists of: a statement that no plugin
 * has to see and whose answer changes nothing but the status flags. Makes no objects. Whatever is
 * not certain at first sight is left to the {@link Inspector}. Event-loop confined.
 */
final class Glance {
  /** COM_STMT_EXECUTE up to its iteration count. */
  private static final int EXECUTE_HEAD = 10;

  private static final int PARAMETER_COUNT_AVAILABLE = 0x08;

  /** The first byte of a length-encoded number that is not the number itself. */
  private static final int LONGER = 0xFB;

  private final SessionContext context;
  private final SessionState state;
  private final List<Plugin> plugins;
  private final PreparedStatements prepared;
  private final boolean queryAttributes;

  Glance(
      SessionContext context,
      SessionState state,
      List<Plugin> plugins,
      PreparedStatements prepared) {
    this.context = context;
    this.state = state;
    this.plugins = plugins;
    this.prepared = prepared;
    queryAttributes = Capabilities.has(state.capabilities(), Capabilities.QUERY_ATTRIBUTES);
  }

  /**
   * Looks at a whole command, its payload in {@code [at, end)}.
   *
   * @return whether it is to be forwarded and its answer ({@link Pending#RESULTS}) passed on
   *     without more ado; what it does to the session was noted then. When false, nothing was.
   */
  boolean passes(ByteBuf in, int at, int end) {
    if (at == end) {
      return false;
    }
    CommandType type = CommandType.of(in.getByte(at));
    if (type != CommandType.QUERY && type != CommandType.STMT_EXECUTE) {
      return false;
    }
    NameSearch names = context.names();
    prepared.judgeBy(names);
    boolean armed = !plugins.isEmpty() && !names.isEmpty();
    if (Plugin.anyAttentive(plugins)) {
      return false;
    }
    boolean passes =
        type == CommandType.QUERY ? query(in, at, end, names, armed) : execute(in, at, end, armed);
    if (passes) {
      (armed ? context.metrics().inspected : context.metrics().relayed).increment();
    }
    return passes;
  }

  private boolean query(ByteBuf in, int at, int end, NameSearch names, boolean armed) {
    if (!armed) {
      state.variablesChanged();
      state.databaseUnknown();
      return true;
    }
    int start = at + 1;
    if (queryAttributes) {
      // No attributes, in one set: "COM_QUERY".
      if (end - at < 3 || in.getByte(at + 1) != 0 || in.getByte(at + 2) != 1) {
        return false;
      }
      start = at + 3;
    }
    Kind kind = FirstWord.plain(in, start, end);
    if (kind == null
        || names.find(in, start, end)
        || (state.multiStatements() && in.indexOf(start, end, (byte) ';') >= 0)) {
      return false;
    }
    note(kind);
    return true;
  }

  private boolean execute(ByteBuf in, int at, int end, boolean armed) {
    if (end - at < EXECUTE_HEAD) {
      return false;
    }
    PreparedStatement statement = prepared.get(in.getUnsignedIntLE(at + 1));
    if (statement == null) {
      if (!armed) {
        state.variablesChanged();
      }
      return !armed;
    }
    if (statement.hit()
        || !statement.mysqlKnowsTypes()
        || !statement.longData().isEmpty()
        || mayBringTypes(in, at, end, statement.parameters())) {
      return false;
    }
    note(statement.kind());
    return true;
  }

  /** Types are to be remembered: without them later executions cannot be read. */
  private boolean mayBringTypes(ByteBuf in, int at, int end, int parameters) {
    int bitmap = at + EXECUTE_HEAD;
    if (queryAttributes && (in.getByte(at + 5) & PARAMETER_COUNT_AVAILABLE) != 0) {
      if (bitmap == end || in.getUnsignedByte(bitmap) != parameters || parameters >= LONGER) {
        return true;
      }
      bitmap++;
    }
    int flag = bitmap + (parameters + 7) / 8;
    return parameters > 0 && (flag >= end || in.getByte(flag) != 0);
  }

  private void note(Kind kind) {
    if (!FirstWord.keepsVariables(kind)) {
      state.variablesChanged();
    }
  }
}
