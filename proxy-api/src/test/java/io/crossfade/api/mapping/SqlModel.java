package io.crossfade.api.mapping;

import io.crossfade.api.value.Column;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Evaluates the conditions that {@link KeyPredicates} writes, as MySQL would. */
final class SqlModel {
  private static final Pattern COMPARISON =
      Pattern.compile(
          "(?<cast>CAST\\()?`(?<column>(?:[^`]|``)+)`(?: AS BINARY\\))? (?<op>[<>]?=|[<>])"
              + " (?:(?<number>-?\\d+)|(?:DATE|TIMESTAMP)'(?<date>[^']+)'"
              + "|(?:_\\w+ )?X'(?<hex>[0-9A-F]*)')");

  private final List<Column> columns;
  private final List<byte[]> values;
  private final String sql;
  private int at;

  private SqlModel(List<Column> columns, List<byte[]> values, String sql) {
    this.columns = columns;
    this.values = values;
    this.sql = sql;
  }

  static boolean holds(List<Column> columns, List<byte[]> values, String sql) {
    SqlModel model = new SqlModel(columns, values, sql);
    boolean result = model.or();
    if (model.at != sql.length()) {
      throw new AssertionError("unread: " + sql.substring(model.at));
    }
    return result;
  }

  private boolean or() {
    boolean result = and();
    while (skip(" OR ")) {
      result |= and();
    }
    return result;
  }

  private boolean and() {
    boolean result = factor();
    while (skip(" AND ")) {
      result &= factor();
    }
    return result;
  }

  private boolean factor() {
    if (skip("(")) {
      boolean result = or();
      if (!skip(")")) {
        throw new AssertionError("no closing parenthesis: " + sql.substring(at));
      }
      return result;
    }
    if (skip("TRUE")) {
      return true;
    }
    return !skip("FALSE") && comparison();
  }

  private boolean skip(String text) {
    boolean there = sql.startsWith(text, at);
    at += there ? text.length() : 0;
    return there;
  }

  private boolean comparison() {
    Matcher m = COMPARISON.matcher(sql).region(at, sql.length());
    if (!m.lookingAt()) {
      throw new AssertionError("not understood: " + sql.substring(at));
    }
    at = m.end();
    int sign = compare(m);
    return switch (m.group("op")) {
      case "=" -> sign == 0;
      case "<" -> sign < 0;
      case "<=" -> sign <= 0;
      case ">" -> sign > 0;
      default -> sign >= 0;
    };
  }

  private int compare(Matcher m) {
    String name = m.group("column").replace("``", "`");
    int i = columns.stream().map(Column::name).toList().indexOf(name);
    byte[] value = values.get(i);
    if (m.group("number") != null) {
      return new BigInteger(new String(value, StandardCharsets.US_ASCII))
          .compareTo(new BigInteger(m.group("number")));
    }
    byte[] literal =
        m.group("date") != null
            ? m.group("date").getBytes(StandardCharsets.US_ASCII)
            : HexFormat.of().parseHex(m.group("hex"));
    boolean padded =
        m.group("cast") == null && columns.get(i).type().collation().equals("utf8mb4_bin");
    int length = Math.max(value.length, literal.length);
    return padded
        ? Arrays.compareUnsigned(pad(value, length), pad(literal, length))
        : Arrays.compareUnsigned(value, literal);
  }

  private static byte[] pad(byte[] text, int length) {
    byte[] padded = Arrays.copyOf(text, length);
    Arrays.fill(padded, text.length, length, (byte) ' ');
    return padded;
  }
}
