package io.crossfade.readswitch.rows;

import io.crossfade.api.mapping.Row;
import java.util.Comparator;
import java.util.List;

/**
 * ORDER BY: rows that compare equal have no order MySQL promises.
 *
 * @param parts the columns, most significant first; empty when there is no ORDER BY
 */
public record RowOrder(List<Part> parts) implements Comparator<Row> {
  /** No ORDER BY: every two rows are equal. */
  public static final RowOrder NONE = new RowOrder(List.of());

  /** One column, its position in the schema, and its values' ascending order. */
  public record Part(int column, Comparator<byte[]> texts, boolean descending) {
    private int compare(Row a, Row b) {
      byte[] x = a.get(column);
      byte[] y = b.get(column);
      int ascending;
      if (x == null || y == null) {
        ascending = Boolean.compare(x != null, y != null);
      } else {
        ascending = texts.compare(x, y);
      }
      return descending ? -ascending : ascending;
    }
  }

  @Override
  public int compare(Row a, Row b) {
    for (Part part : parts) {
      int c = part.compare(a, b);
      if (c != 0) {
        return c;
      }
    }
    return 0;
  }
}
