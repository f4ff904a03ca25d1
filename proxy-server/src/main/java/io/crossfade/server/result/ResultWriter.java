package io.crossfade.server.result;

import io.crossfade.api.mapping.Row;
import io.crossfade.api.plugin.Exchange.Protocol;
import io.crossfade.api.plugin.ResultMetadata;
import io.crossfade.api.value.BinaryValue;
import io.crossfade.server.frame.Frames;
import io.crossfade.server.protocol.Capabilities;
import io.crossfade.server.protocol.ColumnDefinition;
import io.crossfade.server.protocol.Lenenc;
import io.crossfade.server.protocol.ServerStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * Writes a result set: "Text Resultset" and "Binary Protocol Resultset" in the manual. Sequence ids
 * begin at 1, after the command's own 0.
 */
public final class ResultWriter {
  private final ResultMetadata metadata;
  private final boolean deprecateEof;
  private final int sessionStatus;

  /**
   * A writer for one result set.
   *
   * @param metadata what MySQL sent for the same template
   * @param status the session's current status flags; of MySQL's own only those of the statement
   *     are kept
   */
  public ResultWriter(ResultMetadata metadata, int status) {
    this.metadata = metadata;
    deprecateEof = Capabilities.has(metadata.capabilities(), Capabilities.DEPRECATE_EOF);
    sessionStatus = status & ServerStatus.OF_SESSION;
  }

  /**
   * Whether metadata can be written again for a session with these capabilities and this protocol.
   */
  public static boolean fits(ResultMetadata metadata, long capabilities, Protocol protocol) {
    return metadata.capabilities() == capabilities
        && metadata.protocol() == protocol
        && !metadata.columns().isEmpty()
        && !Capabilities.has(capabilities, Capabilities.OPTIONAL_RESULTSET_METADATA)
        && !Capabilities.has(capabilities, Capabilities.MARIADB_EXTENDED_METADATA)
        && !Capabilities.has(capabilities, Capabilities.MARIADB_CACHE_METADATA);
  }

  /**
   * The packets of the result set.
   *
   * @throws RuntimeException when a value does not fit its column
   */
  public ByteBuf write(ByteBufAllocator alloc, List<Row> rows) {
    ByteBuf out = alloc.buffer(256 + 64 * rows.size());
    try {
      int sequence = 1;
      int start = begin(out);
      Lenenc.writeInt(out, metadata.columns().size());
      sequence = Frames.finish(out, start, sequence);
      for (byte[] column : metadata.columns()) {
        sequence = Frames.write(out, sequence, column);
      }
      byte[] end = end();
      if (!deprecateEof) {
        sequence = Frames.write(out, sequence, end);
      }
      int[] types = metadata.protocol() == Protocol.BINARY ? types() : new int[0];
      for (Row row : rows) {
        start = begin(out);
        if (metadata.protocol() == Protocol.BINARY) {
          binaryRow(out, row, types);
        } else {
          textRow(out, row);
        }
        sequence = Frames.finish(out, start, sequence);
      }
      Frames.write(out, sequence, end);
      return out;
    } catch (RuntimeException e) {
      out.release();
      throw e;
    }
  }

  private static int begin(ByteBuf out) {
    int start = out.writerIndex();
    out.writeZero(Frames.HEADER);
    return start;
  }

  private void textRow(ByteBuf out, Row row) {
    for (int i = 0; i < metadata.columns().size(); i++) {
      byte[] value = row.get(i);
      if (value == null) {
        out.writeByte(0xFB);
      } else {
        Lenenc.writeBytes(out, value);
      }
    }
  }

  private static void binaryRow(ByteBuf out, Row row, int[] types) {
    out.writeByte(0);
    int bitmap = out.writerIndex();
    out.writeZero((types.length + 9) / 8);
    ByteArrayOutputStream values = new ByteArrayOutputStream();
    for (int i = 0; i < types.length; i++) {
      byte[] value = row.get(i);
      if (value == null) {
        int bit = i + 2;
        out.setByte(bitmap + bit / 8, out.getByte(bitmap + bit / 8) | 1 << (bit % 8));
      } else {
        BinaryValue.write(types[i], value, values);
      }
    }
    out.writeBytes(values.toByteArray());
  }

  private int[] types() {
    return metadata.columns().stream()
        .mapToInt(c -> ColumnDefinition.decode(Unpooled.wrappedBuffer(c)).type())
        .toArray();
  }

  /** The packet that ended MySQL's rows, with the session's flags as they are now. */
  private byte[] end() {
    byte[] end = metadata.end().clone();
    ByteBuf packet = Unpooled.wrappedBuffer(end);
    int at = 3;
    if (deprecateEof) {
      packet.skipBytes(1);
      Lenenc.readInt(packet);
      Lenenc.readInt(packet);
      at = packet.readerIndex();
    }
    int learned = packet.getUnsignedShortLE(at);
    packet.setShortLE(at, (learned & ~ServerStatus.OF_SESSION) | sessionStatus);
    return end;
  }
}
