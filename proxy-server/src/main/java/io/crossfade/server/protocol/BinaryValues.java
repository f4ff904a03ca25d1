package io.crossfade.server.protocol;

import io.crossfade.api.value.BinaryParameter;
import io.crossfade.api.value.SqlValue;
import io.netty.buffer.ByteBuf;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Parameters in the binary protocol: NULL bitmap, types, values. See "COM_STMT_EXECUTE" in the
 * manual.
 *
 * @param types the types' two bytes each, low byte first: the type and the unsigned flag
 * @param newTypes whether the packet carried the types
 * @param typesAt the index of the packet's "new types" flag, counted from its command byte
 * @param values one a parameter
 */
public record BinaryValues(int[] types, boolean newTypes, int typesAt, List<SqlValue> values) {
  /** No types are known from an earlier packet. */
  public static final int[] NO_TYPES = new int[0];

  private static final int MAX_COUNT = 0xFFFF;
  private static final int UNSIGNED = 0x8000;

  /** Checks a number of parameters. */
  static int checkedCount(long count) {
    if (count < 0 || count > MAX_COUNT) {
      throw new MalformedPacketException("too many parameters");
    }
    return (int) count;
  }

  /**
   * Reads {@code count} parameters.
   *
   * @param named whether each type is followed by a name (query attributes are negotiated)
   * @param knownTypes the types of an earlier execution, used when this one carries none
   * @param longData the parameters whose value was sent ahead: it is not in the packet
   * @throws MalformedPacketException when they cannot be read
   */
  public static BinaryValues read(
      ByteBuf in, int count, boolean named, int[] knownTypes, BitSet longData) {
    int bitmap = in.readerIndex();
    Lenenc.require(in, (count + 7) / 8 + 1);
    in.skipBytes((count + 7) / 8);
    int typesAt = in.readerIndex();
    boolean newTypes = in.readByte() != 0;
    int[] types = newTypes ? types(in, count, named) : knownTypes;
    if (types.length < count) {
      throw new MalformedPacketException("the types of the parameters are not known");
    }
    ByteBuffer nio = in.nioBuffer();
    int before = nio.remaining();
    List<SqlValue> values = new ArrayList<>(count);
    try {
      for (int i = 0; i < count; i++) {
        if (longData.get(i)) {
          values.add(SqlValue.UNKNOWN);
        } else if ((in.getByte(bitmap + i / 8) >> (i % 8) & 1) != 0) {
          values.add(SqlValue.NULL);
        } else {
          values.add(BinaryParameter.read(types[i] & 0xFF, (types[i] & UNSIGNED) != 0, nio));
        }
      }
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new MalformedPacketException("a parameter cannot be read");
    }
    in.skipBytes(before - nio.remaining());
    return new BinaryValues(types, newTypes, typesAt, values);
  }

  private static int[] types(ByteBuf in, int count, boolean named) {
    int[] types = new int[count];
    for (int i = 0; i < count; i++) {
      Lenenc.require(in, 2);
      types[i] = in.readUnsignedShortLE();
      if (named) {
        Lenenc.skipBytes(in);
      }
    }
    return types;
  }
}
