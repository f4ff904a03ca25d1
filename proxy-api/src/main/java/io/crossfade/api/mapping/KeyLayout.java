package io.crossfade.api.mapping;

import io.crossfade.api.value.Column;
import io.crossfade.api.value.KeyCodec;
import io.crossfade.api.value.KeyCodecs;
import io.crossfade.api.value.SqlValue;
import io.crossfade.api.value.ValueCodec;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The primary key's columns one after the other, each in its {@link KeyCodec}'s encoding. */
final class KeyLayout {
  private final TableSchema schema;
  private final List<Column> columns = new ArrayList<>();
  private final List<KeyCodec> codecs = new ArrayList<>();

  KeyLayout(TableSchema schema) {
    this.schema = schema;
    for (int position : schema.primaryKey()) {
      Column column = schema.columns().get(position);
      columns.add(column);
      codecs.add(KeyCodecs.forKey(column.type()).orElseThrow());
    }
  }

  int size() {
    return columns.size();
  }

  Column column(int i) {
    return columns.get(i);
  }

  KeyCodec codec(int i) {
    return codecs.get(i);
  }

  byte[] encode(Row row) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(8 * size());
    for (int i = 0; i < size(); i++) {
      byte[] text = row.get(schema.primaryKey().get(i));
      if (text == null) {
        throw new IllegalArgumentException("NULL in key column '" + columns.get(i).name() + "'");
      }
      codecs.get(i).encode(text, out);
    }
    return out.toByteArray();
  }

  /** The encoding of the first columns' values, if each is certain. */
  Optional<byte[]> encode(List<SqlValue> values) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(8 * size());
    for (int i = 0; i < values.size(); i++) {
      Optional<byte[]> text = ValueCodec.canonicalKey(columns.get(i).type(), values.get(i));
      if (text.isEmpty()) {
        return Optional.empty();
      }
      codecs.get(i).encode(text.get(), out);
    }
    return Optional.of(out.toByteArray());
  }

  byte[][] decode(byte[] key) {
    byte[][] texts = new byte[size()][];
    int offset = 0;
    for (int i = 0; i < size(); i++) {
      int end = codecs.get(i).end(key, offset);
      texts[i] = codecs.get(i).decode(key, offset, end);
      offset = end;
    }
    if (offset != key.length) {
      throw new IllegalArgumentException("a key with " + (key.length - offset) + " bytes too many");
    }
    return texts;
  }

  /** The first {@code count} columns' bytes of a key or bound that has them whole. */
  byte[] leading(byte[] key, int count) {
    int offset = 0;
    for (int i = 0; i < count; i++) {
      offset = codecs.get(i).end(key, offset);
    }
    return Arrays.copyOf(key, offset);
  }

  /** As {@link #leading}; empty where the bytes do not start with that many whole columns. */
  Optional<byte[]> leadingOfBound(byte[] bound, int count) {
    int offset = 0;
    for (int i = 0; i < count; i++) {
      if (offset >= bound.length) {
        return Optional.empty();
      }
      KeyCodec.Bound b = codecs.get(i).bound(bound, offset);
      if (b.kind() != KeyCodec.Bound.Kind.EXACT) {
        return Optional.empty();
      }
      offset = b.end();
    }
    return Optional.of(Arrays.copyOf(bound, offset));
  }
}
