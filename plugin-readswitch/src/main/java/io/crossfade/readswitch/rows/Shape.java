package io.crossfade.readswitch.rows;

import io.crossfade.api.mapping.Row;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** From the rows that match the condition to the result. */
public sealed interface Shape {
  /** How many matching rows, from the first on, decide the result; {@code Long.MAX_VALUE}: all. */
  long wanted();

  /** How many matching rows at the start need only be counted, not seen. */
  long skippable();

  /**
   * The result.
   *
   * @param rows matching rows: all there are, or the first {@link #wanted}
   * @param skipped how many at the start were left out, at most {@link #skippable}
   */
  ReadResult of(List<Row> rows, long skipped);

  /** The same from rows in any order. */
  ReadResult ofUnsorted(List<Row> rows);

  /** {@code COUNT(*)}. */
  record Counting() implements Shape {
    @Override
    public long wanted() {
      return Long.MAX_VALUE;
    }

    @Override
    public long skippable() {
      return 0;
    }

    @Override
    public ReadResult of(List<Row> rows, long skipped) {
      return count(skipped + rows.size());
    }

    @Override
    public ReadResult ofUnsorted(List<Row> rows) {
      return of(rows, 0);
    }

    /** The result row of a count. */
    public static ReadResult count(long count) {
      byte[] text = Long.toString(count).getBytes(StandardCharsets.US_ASCII);
      return ReadResult.proven(List.of(new Row(new byte[][] {text})));
    }
  }

  /**
   * ORDER BY, LIMIT and OFFSET. A page is proven only if no two neighbours, from the last row
   * before it to the first one after it, are equal in the order: MySQL leaves open which of them
   * comes first.
   */
  record Listing(RowOrder order, long offset, long count, Projection projection) implements Shape {
    @Override
    public long wanted() {
      long end = offset + count + 1;
      return end < 0 ? Long.MAX_VALUE : end;
    }

    @Override
    public long skippable() {
      return Math.max(0, offset - 1);
    }

    @Override
    public ReadResult of(List<Row> rows, long skipped) {
      List<Row> result = new ArrayList<>();
      long total = skipped + rows.size();
      for (long i = offset; i < total; i++) {
        int at = (int) (i - skipped);
        if (i > 0 && count > 0) {
          int c = order.compare(rows.get(at - 1), rows.get(at));
          if (c >= 0) {
            return ReadResult.unproven(c > 0 ? "disorder" : tie());
          }
        }
        if (i - offset >= count) {
          break;
        }
        result.add(projection.apply(rows.get(at)));
      }
      return ReadResult.proven(result);
    }

    @Override
    public ReadResult ofUnsorted(List<Row> rows) {
      List<Row> sorted = new ArrayList<>(rows);
      sorted.sort(order);
      return of(sorted, 0);
    }

    private String tie() {
      return order.parts().isEmpty() ? "no-order" : "tie";
    }
  }
}
