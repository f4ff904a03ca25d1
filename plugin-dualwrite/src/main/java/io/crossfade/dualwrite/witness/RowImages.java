package io.crossfade.dualwrite.witness;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.Row;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.value.ColumnType;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the keys out of the rows events of one watched table; columns are known by their place. See
 * "Rows_event" in the documentation of MySQL's source. Stateless.
 */
final class RowImages {
  private static final int ID_BYTES = 6;
  private static final int FLAG_BYTES = 2;
  private static final int EXTRA_LENGTH_BYTES = 2;

  private final TableMapping mapping;

  RowImages(TableMapping mapping) {
    this.mapping = mapping;
  }

  /** The rows cannot be read as rows of the table as it is known. */
  static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String token;

    UnreadableException(String token, String message) {
      super(message);
      this.token = token;
    }

    /** A short stable token for a counter. */
    String token() {
      return token;
    }
  }

  /** The id of the table that a rows event is about. */
  static long tableId(byte[] body) {
    return new Bytes(body).little(ID_BYTES);
  }

  /**
   * Reads an event.
   *
   * @param update whether each row has two images
   * @param extended whether there may be extra data in front (version 2 of the event)
   * @param keys gets the key of each row; of an UPDATE the old one, and the new one where it is
   *     another
   * @throws UnreadableException when any key may have been changed; some keys may have been given
   */
  void read(byte[] body, TableMap map, boolean update, boolean extended, Consumer<Key> keys)
      throws UnreadableException {
    check(map);
    try {
      Bytes in = new Bytes(body);
      in.skip(ID_BYTES + FLAG_BYTES);
      if (extended) {
        in.skip((int) in.little(EXTRA_LENGTH_BYTES) - EXTRA_LENGTH_BYTES);
      }
      int columns = (int) in.packed();
      if (columns != map.columns()) {
        throw new UnreadableException("columns", "rows of " + columns + " columns");
      }
      BitSet present = bits(in, columns);
      BitSet presentAfter = update ? bits(in, columns) : present;
      while (in.left() > 0) {
        byte[] @Nullable [] before = image(in, map, present);
        Key old = key(before);
        keys.accept(old);
        if (update) {
          Key changed = key(completed(image(in, map, presentAfter), before));
          if (!changed.equals(old)) {
            keys.accept(changed);
          }
        }
      }
    } catch (IllegalArgumentException e) {
      throw new UnreadableException("undecodable", String.valueOf(e.getMessage()));
    }
  }

  private void check(TableMap map) throws UnreadableException {
    if (map.unknown() >= 0) {
      throw new UnreadableException("unknown-type", "a column of the type " + map.unknown());
    }
    if (map.columns() != mapping.schema().columns().size()) {
      throw new UnreadableException("columns", map.columns() + " columns in the binlog");
    }
    for (int i : mapping.schema().primaryKey()) {
      if (!KeyText.fits(type(i), map.types()[i], map.meta()[i])) {
        throw new UnreadableException(
            "column-type", "column " + i + " is not a " + type(i).kind() + " in the binlog");
      }
    }
  }

  private ColumnType type(int i) {
    return mapping.schema().columns().get(i).type();
  }

  private static BitSet bits(Bytes in, int count) {
    return BitSet.valueOf(in.take((count + 7) / 8)).get(0, count);
  }

  /** The text forms of the key columns that the image has. */
  private byte[] @Nullable [] image(Bytes in, TableMap map, BitSet present) {
    List<Integer> key = mapping.schema().primaryKey();
    byte[] @Nullable [] texts = new byte[map.columns()][];
    BitSet nulls = bits(in, present.cardinality());
    int nth = 0;
    for (int i = present.nextSetBit(0); i >= 0; i = present.nextSetBit(i + 1)) {
      if (!nulls.get(nth++)) {
        if (key.contains(i)) {
          texts[i] = KeyText.read(type(i), map.types()[i], map.meta()[i], in);
        } else {
          Cell.skip(map.types()[i], map.meta()[i], in);
        }
      }
    }
    return texts;
  }

  /** With {@code binlog_row_image=MINIMAL} the second image lacks what did not change. */
  private byte[] @Nullable [] completed(byte[] @Nullable [] after, byte[] @Nullable [] before) {
    for (int i : mapping.schema().primaryKey()) {
      if (after[i] == null) {
        after[i] = before[i];
      }
    }
    return after;
  }

  private Key key(byte[] @Nullable [] texts) throws UnreadableException {
    for (int i : mapping.schema().primaryKey()) {
      if (texts[i] == null) {
        throw new UnreadableException("key-not-in-image", "a row without column " + i);
      }
    }
    return mapping.key(new Row(texts));
  }
}
