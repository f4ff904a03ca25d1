package io.crossfade.api.value;

import java.util.Optional;

/**
 * The text form of a column's value and its other forms. See {@code docs/hbase-format.md}.
 *
 * <p>Two text forms differ from what the text protocol shows and are turned into it only at the
 * end: TIMESTAMP is in UTC, and FLOAT is the exact decimal text of the stored number (read as a
 * DOUBLE), because the six digits MySQL shows would lose bits; {@link #display} gives those.
 */
public final class ValueCodec {
  private ValueCodec() {}

  /**
   * The text form that a literal or parameter certainly has once stored in, and that alone it
   * equals when compared with, a column of this type.
   *
   * @return empty when there is any doubt: another type, out of range, a collation, trailing
   *     spaces, the session's time zone (TIMESTAMP), non-ASCII characters (the session's character
   *     set)
   */
  public static Optional<byte[]> canonical(ColumnType type, SqlValue value) {
    return CanonicalText.of(type, value);
  }

  /**
   * As {@link #canonical}, for a column of a key: in a PAD SPACE collation trailing spaces do not
   * tell keys apart, so the text comes without them.
   */
  public static Optional<byte[]> canonicalKey(ColumnType type, SqlValue value) {
    return CanonicalText.ofKey(type, value);
  }

  /**
   * The HBase cell of a value.
   *
   * <ul>
   *   <li>integers and YEAR: 8 bytes big-endian two's complement (BIGINT UNSIGNED: its 64 bits)
   *   <li>everything else: the bytes of the text form
   * </ul>
   *
   * @throws IllegalArgumentException when the text cannot be restored exactly from the cell
   */
  public static byte[] toCell(ColumnType type, byte[] text) {
    return Integers.isInteger(type) ? Integers.toCell(type, text) : text;
  }

  /**
   * The text form back from {@link #toCell}.
   *
   * @throws IllegalArgumentException when no value of this type has such a cell
   */
  public static byte[] fromCell(ColumnType type, byte[] cell) {
    return Integers.isInteger(type) ? Integers.fromCell(type, cell) : cell;
  }

  /**
   * What the text protocol shows for a text form: different for FLOAT only. TIMESTAMP must be moved
   * to the session's time zone by the caller.
   */
  public static byte[] display(ColumnType type, byte[] text) {
    return type.kind() == ColumnType.Kind.FLOAT ? FloatText.display(type, text) : text;
  }
}
