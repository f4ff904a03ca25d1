package io.crossfade.readswitch.route;

import io.crossfade.api.mapping.TableSchema;
import io.crossfade.api.plugin.ResultMetadata;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Looks whether a frame that MySQL sent can stand around rows of HBase. Follows
 * Protocol::ColumnDefinition41, Protocol::EOF_Packet and Protocol::OK_Packet.
 */
final class ResultFrame {
  private static final long CLIENT_DEPRECATE_EOF = 1L << 24;
  private static final int AUTOCOMMIT = 0x0002;
  // IN_TRANS, MORE_RESULTS_EXISTS, CURSOR_EXISTS, LAST_ROW_SENT, QUERY_WAS_SLOW,
  // SESSION_STATE_CHANGED: the answer then says more than these rows, and must not be repeated.
  private static final int SPECIAL = 0x0001 | 0x0008 | 0x0040 | 0x0080 | 0x0800 | 0x4000;

  private ResultFrame() {}

  /** Whether it ends a complete result without a warning, under autocommit, and nothing else. */
  static boolean isPlain(ResultMetadata metadata) {
    ByteBuffer end = littleEndian(metadata.end());
    if (end.remaining() < 5) {
      return false;
    }
    end.get();
    int status;
    int warnings;
    if ((metadata.capabilities() & CLIENT_DEPRECATE_EOF) != 0) {
      // Affected rows and last insert id are 0 after a SELECT: one byte each.
      if (end.remaining() < 6 || end.get() != 0 || end.get() != 0) {
        return false;
      }
      status = end.getShort();
      warnings = end.getShort();
    } else {
      warnings = end.getShort();
      status = end.getShort();
    }
    return warnings == 0 && (status & AUTOCOMMIT) != 0 && (status & SPECIAL) == 0;
  }

  /** Whether its columns are those columns of the table, or one computed one for a count. */
  static boolean matches(ResultMetadata metadata, TableSchema schema, List<Integer> columns) {
    try {
      return comesFrom(metadata, schema, columns);
    } catch (BufferUnderflowException e) {
      return false;
    }
  }

  private static boolean comesFrom(
      ResultMetadata metadata, TableSchema schema, List<Integer> columns) {
    if (columns.isEmpty()) {
      return metadata.columns().size() == 1
          && Origin.of(metadata.columns().get(0)).table().isEmpty();
    }
    if (metadata.columns().size() != columns.size()) {
      return false;
    }
    for (int i = 0; i < columns.size(); i++) {
      Origin origin = Origin.of(metadata.columns().get(i));
      String name = schema.columns().get(columns.get(i)).name();
      if (!origin.table().equalsIgnoreCase(schema.name().table())
          || !origin.schema().equalsIgnoreCase(schema.name().schema())
          || !origin.column().equalsIgnoreCase(name)) {
        return false;
      }
    }
    return true;
  }

  /** Where MySQL took a result column from; empty texts for a computed one. */
  private record Origin(String schema, String table, String column) {
    static Origin of(byte[] definition) {
      ByteBuffer buffer = littleEndian(definition);
      text(buffer); // catalog
      String schema = text(buffer);
      text(buffer); // alias of the table
      String table = text(buffer);
      text(buffer); // alias of the column
      return new Origin(schema, table, text(buffer));
    }

    /** A name is at most 64 characters, 256 bytes: its length has one byte or 0xFC and two. */
    private static String text(ByteBuffer buffer) {
      int length = buffer.get() & 0xFF;
      if (length == 0xFC) {
        length = buffer.getShort() & 0xFFFF;
      }
      byte[] bytes = new byte[length];
      buffer.get(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
