package io.crossfade.server.protocol;

import io.crossfade.api.value.SqlValue;
import io.netty.buffer.ByteBuf;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * "COM_STMT_EXECUTE".
 *
 * @param statementId which statement
 * @param flags cursor type, and whether a parameter count follows
 * @param values the parameters; null when the statement has none
 */
public record ExecuteRequest(long statementId, int flags, @Nullable BinaryValues values) {
  private static final int CURSOR = 0x07;
  private static final int PARAMETER_COUNT_AVAILABLE = 0x08;

  /** The statement id of a payload that begins with COM_STMT_EXECUTE or any COM_STMT_*. */
  public static long statementId(ByteBuf payload) {
    Lenenc.require(payload, 5);
    return payload.getUnsignedIntLE(payload.readerIndex() + 1);
  }

  /** Whether a cursor is to be opened. */
  public boolean cursor() {
    return (flags & CURSOR) != 0;
  }

  /**
   * Decodes a payload, the command byte included.
   *
   * @param parameters how many parameters the statement has
   * @param knownTypes their types as an earlier execution gave them
   * @param longData the parameters whose value was sent ahead
   * @throws MalformedPacketException when it cannot be read
   */
  public static ExecuteRequest decode(
      ByteBuf payload, long capabilities, int parameters, int[] knownTypes, BitSet longData) {
    ByteBuf in = payload.slice();
    Lenenc.require(in, 10);
    long id = statementId(in);
    in.skipBytes(5);
    int flags = in.readUnsignedByte();
    in.skipBytes(4);
    boolean named = Capabilities.has(capabilities, Capabilities.QUERY_ATTRIBUTES);
    int count = parameters;
    if (named && (flags & PARAMETER_COUNT_AVAILABLE) != 0) {
      count = BinaryValues.checkedCount(Lenenc.readInt(in));
    }
    return new ExecuteRequest(
        id, flags, count == 0 ? null : BinaryValues.read(in, count, named, knownTypes, longData));
  }

  /** The values of the statement's own parameters, without query attributes. */
  public List<SqlValue> parameters(int count) {
    return values == null
        ? List.of()
        : values.values().subList(0, Math.min(count, values.values().size()));
  }
}
