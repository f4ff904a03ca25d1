package io.crossfade.api.mapping;

import io.crossfade.api.value.KeyCodec;
import io.crossfade.api.value.SqlLiteral;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Keys and ranges of keys as SQL conditions. A range's ends are any bytes: each is read column by
 * column, and what is no whole column becomes a comparison of that column alone. The forms are
 * those MySQL's range optimizer turns into ranges of the primary key.
 */
final class KeyPredicates {
  private static final String TRUE = "TRUE";
  private static final String FALSE = "FALSE";

  private final KeyLayout layout;

  KeyPredicates(KeyLayout layout) {
    this.layout = layout;
  }

  String keys(List<Key> keys) {
    if (keys.isEmpty()) {
      return FALSE;
    }
    return keys.stream().map(this::key).collect(Collectors.joining(" OR "));
  }

  private String key(Key key) {
    byte[][] texts = layout.decode(key.bytes());
    StringBuilder sql = new StringBuilder("(");
    for (int i = 0; i < texts.length; i++) {
      sql.append(i == 0 ? "" : " AND ").append(compare(i, "=", texts[i]));
    }
    return sql.append(')').toString();
  }

  String range(KeyRange range) {
    return range(range, 0, 0);
  }

  /** Both ends are equal in the columns before {@code column}, which end at {@code offset}. */
  private String range(KeyRange range, int column, int offset) {
    byte[] from = range.from();
    byte[] to = range.to();
    if (column < layout.size() && offset < from.length && offset < to.length) {
      KeyCodec.Bound low = layout.codec(column).bound(from, offset);
      KeyCodec.Bound high = layout.codec(column).bound(to, offset);
      if (low.kind() == KeyCodec.Bound.Kind.EXACT
          && high.kind() == KeyCodec.Bound.Kind.EXACT
          && Arrays.equals(low.value(), high.value())) {
        return and(compare(column, "=", low.value()), range(range, column + 1, low.end()));
      }
    }
    String lower = notBelow(from, column, offset);
    return to.length == 0 ? lower : and(lower, below(to, column, offset));
  }

  /** Keys, equal to the bound before {@code offset}, that are not below it. */
  private String notBelow(byte[] bound, int column, int offset) {
    if (offset == bound.length) {
      return TRUE;
    }
    if (column == layout.size()) {
      return FALSE;
    }
    KeyCodec.Bound b = layout.codec(column).bound(bound, offset);
    return switch (b.kind()) {
      case NONE -> FALSE;
      case AT_LEAST -> compare(column, ">=", b.value());
      case ABOVE -> compare(column, ">", b.value());
      case EXACT -> side(column, b, ">", notBelow(bound, column + 1, b.end()));
    };
  }

  /** Keys, equal to the bound before {@code offset}, that are below it. */
  private String below(byte[] bound, int column, int offset) {
    if (offset == bound.length) {
      return FALSE;
    }
    if (column == layout.size()) {
      return TRUE;
    }
    KeyCodec.Bound b = layout.codec(column).bound(bound, offset);
    return switch (b.kind()) {
      case NONE -> TRUE;
      case AT_LEAST -> compare(column, "<", b.value());
      case ABOVE -> compare(column, "<=", b.value());
      case EXACT -> side(column, b, "<", below(bound, column + 1, b.end()));
    };
  }

  /** {@code column op value, or equal to it and then rest}. */
  private String side(int column, KeyCodec.Bound bound, String op, String rest) {
    byte[] value = bound.value();
    if (rest.equals(FALSE)) {
      return compare(column, op, value);
    }
    String orEqual = compare(column, op + "=", value);
    if (rest.equals(TRUE)) {
      return orEqual;
    }
    String beyond = compare(column, op, value);
    String equal = compare(column, "=", value);
    return "(" + orEqual + " AND (" + beyond + " OR (" + equal + " AND " + rest + ")))";
  }

  private static String and(String left, String right) {
    if (left.equals(TRUE) || right.equals(FALSE)) {
      return right;
    }
    return right.equals(TRUE) || left.equals(FALSE) ? left : left + " AND " + right;
  }

  private String compare(int column, String op, byte[] value) {
    return SqlLiteral.compare(layout.column(column), op, value);
  }
}
