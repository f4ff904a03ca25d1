package io.crossfade.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;

/**
 * Writes command packets from parts that were encoded ahead (COM_QUERY, and COM_STMT_EXECUTE as in
 * the manual's page of that name, with all parameters of type LONGLONG).
 */
final class StatementEncoder {
  private static final int COM_QUERY = 0x03;
  private static final int COM_STMT_EXECUTE = 0x17;
  private static final int TYPE_LONGLONG = 8;

  private final Map<StatementKind, byte[][]> parts = new EnumMap<>(StatementKind.class);
  private final boolean prepared;

  private StatementEncoder(boolean prepared) {
    this.prepared = prepared;
  }

  /** For COM_QUERY. */
  static StatementEncoder text() {
    StatementEncoder encoder = new StatementEncoder(false);
    for (StatementKind kind : StatementKind.values()) {
      String[] texts = kind.sql().split("\\?", -1);
      byte[][] bytes = new byte[texts.length][];
      for (int i = 0; i < texts.length; i++) {
        bytes[i] = texts[i].getBytes(StandardCharsets.US_ASCII);
      }
      encoder.parts.put(kind, bytes);
    }
    return encoder;
  }

  /**
   * For COM_STMT_EXECUTE.
   *
   * @param ids the statements' ids on this connection
   */
  static StatementEncoder prepared(Map<StatementKind, Integer> ids) {
    StatementEncoder encoder = new StatementEncoder(true);
    ids.forEach((kind, id) -> encoder.parts.put(kind, new byte[][] {executeHead(kind, id)}));
    return encoder;
  }

  /** Everything up to the values: id, no cursor, one iteration, no NULLs, the types. */
  private static byte[] executeHead(StatementKind kind, int id) {
    byte[] head = new byte[12 + 2 * kind.parameters()];
    head[0] = COM_STMT_EXECUTE;
    for (int i = 0; i < 4; i++) {
      head[1 + i] = (byte) (id >>> (8 * i));
    }
    head[6] = 1; // iterations
    head[11] = 1; // types follow
    for (int i = 0; i < kind.parameters(); i++) {
      head[12 + 2 * i] = TYPE_LONGLONG;
    }
    return head;
  }

  /** The whole packet of the source's present statement. The caller owns the buffer. */
  ByteBuf encode(ByteBufAllocator allocator, StatementSource source) {
    byte[][] pieces = parts.getOrDefault(source.kind(), new byte[0][]);
    ByteBuf out = allocator.directBuffer(160);
    out.writeInt(0);
    if (prepared) {
      out.writeBytes(pieces[0]);
      out.writeLongLE(source.user());
      if (source.kind().parameters() > 1) {
        out.writeLongLE(source.follower());
      }
    } else {
      out.writeByte(COM_QUERY);
      out.writeBytes(pieces[0]);
      writeDigits(out, source.user());
      out.writeBytes(pieces[1]);
      if (pieces.length > 2) {
        writeDigits(out, source.follower());
        out.writeBytes(pieces[2]);
      }
    }
    return out.setMediumLE(0, out.readableBytes() - 4);
  }

  private static void writeDigits(ByteBuf out, long value) {
    out.writeCharSequence(Long.toString(value), StandardCharsets.US_ASCII);
  }
}
