package io.crossfade.api.mapping;

import io.crossfade.api.value.KeyCodecs;
import io.crossfade.api.value.OrderCodec;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The columns of one declared order: for each a byte 00 for NULL or 01 and the value's encoding,
 * complemented where the column is descending (so NULL comes last there, as in MySQL).
 */
final class OrderLayout {
  private static final int NULL = 0;
  private static final int NOT_NULL = 1;

  private record Part(int position, boolean descending, OrderCodec codec) {}

  private final List<Part> parts = new ArrayList<>();

  OrderLayout(TableSchema schema, TableConfig.Order order) {
    for (TableConfig.OrderColumn by : order.by()) {
      int position = schema.indexOf(by.column()).orElseThrow();
      OrderCodec codec = KeyCodecs.forOrder(schema.columns().get(position).type()).orElseThrow();
      parts.add(new Part(position, by.descending(), codec));
    }
  }

  byte[] encode(Row row) {
    ByteArrayOutputStream all = new ByteArrayOutputStream(32);
    for (Part part : parts) {
      ByteArrayOutputStream one = new ByteArrayOutputStream(32);
      byte[] text = row.get(part.position);
      one.write(text == null ? NULL : NOT_NULL);
      if (text != null) {
        part.codec.encode(text, one);
      }
      byte[] bytes = one.toByteArray();
      all.writeBytes(part.descending ? complement(bytes) : bytes);
    }
    return all.toByteArray();
  }

  /** Where the order's columns, which start at {@code offset}, end. */
  int end(byte[] bytes, int offset) {
    byte[] complement = complement(bytes);
    int at = offset;
    for (Part part : parts) {
      byte[] readable = part.descending ? complement : bytes;
      if (at >= readable.length) {
        throw new IllegalArgumentException("an order entry cut short");
      }
      at = readable[at] == NULL ? at + 1 : part.codec.end(readable, at + 1);
    }
    return at;
  }

  private static byte[] complement(byte[] bytes) {
    byte[] flipped = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      flipped[i] = (byte) ~bytes[i];
    }
    return flipped;
  }
}
