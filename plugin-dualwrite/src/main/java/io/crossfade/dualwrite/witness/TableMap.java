package io.crossfade.dualwrite.witness;

import io.crossfade.api.sql.TableName;
import java.nio.charset.StandardCharsets;

/**
 * A TABLE_MAP event: how the rows of the events after it are to be read. See "Table_map_event" in
 * the documentation of MySQL's source.
 *
 * @param id what those events call the table
 * @param name the table
 * @param types type code of each column
 * @param meta two bytes at most of each column's metadata, as {@link Cell} needs them
 * @param unknown the type code that is not known, so that rows cannot be read; -1 when there is
 *     none
 */
record TableMap(long id, TableName name, int[] types, int[] meta, int unknown) {
  private static final int ID_BYTES = 6;
  private static final int FLAG_BYTES = 2;

  static TableMap parse(byte[] body) {
    Bytes in = new Bytes(body);
    long id = in.little(ID_BYTES);
    in.skip(FLAG_BYTES);
    TableName name = new TableName(name(in), name(in));
    int count = (int) in.packed();
    int[] types = new int[count];
    for (int i = 0; i < count; i++) {
      types[i] = (int) in.little(1);
    }
    in.packed(); // the length of what follows
    int[] meta = new int[count];
    int unknown = -1;
    for (int i = 0; i < count && unknown < 0; i++) {
      int width = Cell.metadataWidth(types[i]);
      if (width < 0) {
        unknown = types[i];
      } else {
        meta[i] = (int) (Cell.isString(types[i]) ? in.big(width) : in.little(width));
      }
    }
    return new TableMap(id, name, types, meta, unknown);
  }

  private static String name(Bytes in) {
    String name = new String(in.take((int) in.little(1)), StandardCharsets.UTF_8);
    in.skip(1);
    return name;
  }

  int columns() {
    return types.length;
  }
}
