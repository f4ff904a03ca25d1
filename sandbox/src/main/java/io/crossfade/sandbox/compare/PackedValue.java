package io.crossfade.sandbox.compare;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The value of a wide item and of every order entry ("Values" in the format). */
final class PackedValue {
  private PackedValue() {}

  /** The stored columns as one text; null when the value says "deleted". */
  static @Nullable String read(byte[] value, List<ComparedColumn> stored) {
    if (value[0] == 0) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(value, 1, value.length - 1);
    if (in.get() != 1) {
      throw new IllegalArgumentException("unknown format " + value[1]);
    }
    int columns = length(in);
    if (columns != stored.size()) {
      throw new IllegalArgumentException(columns + " columns instead of " + stored.size());
    }
    byte[] nulls = new byte[(columns + 7) / 8];
    in.get(nulls);
    StringJoiner text = new StringJoiner(", ");
    for (int i = 0; i < columns; i++) {
      boolean isNull = (nulls[i / 8] >> (i % 8) & 1) != 0;
      text.add(RowText.item(stored.get(i), isNull ? null : stored.get(i).cell(cell(in))));
    }
    if (in.hasRemaining()) {
      throw new IllegalArgumentException(in.remaining() + " bytes too many");
    }
    return text.toString();
  }

  private static byte[] cell(ByteBuffer in) {
    byte[] cell = new byte[length(in)];
    in.get(cell);
    return cell;
  }

  private static int length(ByteBuffer in) {
    int value = 0;
    int shift = 0;
    while (true) {
      byte b = in.get();
      value |= (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
      shift += 7;
    }
  }
}
