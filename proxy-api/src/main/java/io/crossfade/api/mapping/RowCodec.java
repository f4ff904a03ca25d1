package io.crossfade.api.mapping;

import io.crossfade.api.value.Column;
import io.crossfade.api.value.KeyCodec;
import io.crossfade.api.value.KeyCodecs;
import io.crossfade.api.value.ValueCodec;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every column that the key does not restore, in one value: state 01, format 01, the number of
 * columns, a bit for each (set: NULL, lowest bit first), then length and cell of those not NULL.
 * Counts and lengths are LEB128.
 */
final class RowCodec {
  static final byte LIVE = 1;
  static final byte DELETED = 0;
  private static final byte FORMAT = 1;

  private final TableSchema schema;
  private final KeyLayout layout;
  private final List<Integer> stored = new ArrayList<>();

  RowCodec(TableSchema schema, KeyLayout layout) {
    this.schema = schema;
    this.layout = layout;
    for (int i = 0; i < schema.columns().size(); i++) {
      if (!restoredByKey(i)) {
        stored.add(i);
      }
    }
  }

  private boolean restoredByKey(int position) {
    return schema.primaryKey().contains(position)
        && KeyCodecs.forKey(column(position).type()).map(KeyCodec::restoresText).orElse(false);
  }

  /** Positions of the columns that the key does not restore. */
  List<Integer> stored() {
    return stored;
  }

  Column column(int position) {
    return schema.columns().get(position);
  }

  byte @Nullable [] cell(Row row, int position) {
    byte[] text = row.get(position);
    return text == null ? null : ValueCodec.toCell(column(position).type(), text);
  }

  /** A row whose stored columns are still to be set. */
  byte[] @Nullable [] restore(Key key) {
    byte[] @Nullable [] values = new byte[schema.columns().size()][];
    byte[][] texts = layout.decode(key.bytes());
    for (int i = 0; i < texts.length; i++) {
      values[schema.primaryKey().get(i)] = texts[i];
    }
    return values;
  }

  byte @Nullable [] text(int position, byte @Nullable [] cell) {
    return cell == null ? null : ValueCodec.fromCell(column(position).type(), cell);
  }

  byte[] encode(Row row) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(64);
    out.write(LIVE);
    out.write(FORMAT);
    writeCount(stored.size(), out);
    byte[] nulls = new byte[(stored.size() + 7) / 8];
    ByteArrayOutputStream cells = new ByteArrayOutputStream(64);
    for (int i = 0; i < stored.size(); i++) {
      byte[] cell = cell(row, stored.get(i));
      if (cell == null) {
        nulls[i / 8] |= (byte) (1 << i % 8);
      } else {
        writeCount(cell.length, cells);
        cells.writeBytes(cell);
      }
    }
    out.writeBytes(nulls);
    out.writeBytes(cells.toByteArray());
    return out.toByteArray();
  }

  Row decode(Key key, byte[] value) {
    Reader in = new Reader(value);
    if (in.next() != LIVE || in.next() != FORMAT) {
      throw new IllegalArgumentException("not the value of a live item in format " + FORMAT);
    }
    int count = in.count();
    if (count != stored.size()) {
      throw new IllegalArgumentException(
          "an item of " + count + " columns in a table that stores " + stored.size());
    }
    byte[] nulls = in.bytes((count + 7) / 8);
    byte[] @Nullable [] values = restore(key);
    for (int i = 0; i < count; i++) {
      int position = stored.get(i);
      boolean isNull = (nulls[i / 8] >> i % 8 & 1) != 0;
      values[position] = isNull ? null : text(position, in.bytes(in.count()));
    }
    return new Row(values);
  }

  private static void writeCount(int count, ByteArrayOutputStream out) {
    int rest = count;
    while (rest > 0x7F) {
      out.write(rest | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }

  private static final class Reader {
    private final byte[] bytes;
    private int at;

    Reader(byte[] bytes) {
      this.bytes = bytes;
    }

    byte next() {
      if (at == bytes.length) {
        throw new IllegalArgumentException("an item value cut short");
      }
      return bytes[at++];
    }

    int count() {
      int value = 0;
      for (int shift = 0; shift < 35; shift += 7) {
        byte b = next();
        value |= (b & 0x7F) << shift;
        if (b >= 0) {
          return value;
        }
      }
      throw new IllegalArgumentException("a count of more than five bytes");
    }

    byte[] bytes(int length) {
      if (length < 0 || length > bytes.length - at) {
        throw new IllegalArgumentException("an item value cut short");
      }
      at += length;
      return Arrays.copyOfRange(bytes, at - length, at);
    }
  }
}
