package io.crossfade.api.value;

import java.nio.charset.StandardCharsets;

/** Column types and texts for tests. */
public final class Types {
  private Types() {}

  public static ColumnType unsigned(ColumnType.Kind kind) {
    return new ColumnType(kind, true, 0, 0, "", "");
  }

  public static ColumnType scaled(ColumnType.Kind kind, int scale) {
    return new ColumnType(kind, false, 0, scale, "", "");
  }

  public static ColumnType binary(ColumnType.Kind kind, int length) {
    return new ColumnType(kind, false, length, 0, "", "");
  }

  public static ColumnType text(ColumnType.Kind kind, int length, String collation) {
    String charset = collation.substring(0, collation.indexOf('_'));
    return new ColumnType(kind, false, length, 0, charset, collation);
  }

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  public static String string(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
