package io.crossfade.dualwrite.capture;

import io.crossfade.api.plugin.Exchange.Protocol;
import io.crossfade.api.plugin.SessionFacts;
import io.crossfade.api.value.ColumnType.Kind;
import io.crossfade.api.value.SqlValue;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a value of a statement as a literal that means the same there. A literal of the text comes
 * out as it was written. A parameter takes its type from what it is compared with, so that it is
 * written only where the column's type and its own are of one kind.
 */
final class Literal {
  /** In these no byte of another character looks like a quote or a backslash. */
  private static final Set<String> PLAIN_CHARSETS =
      Set.of("utf8", "utf8mb3", "utf8mb4", "latin1", "ascii", "binary");

  private Literal() {}

  /** Whether some value is a string that is not ASCII. */
  static boolean hasNonAscii(List<SqlValue> values) {
    return values.stream().anyMatch(v -> v.form() == SqlValue.Form.STRING && !ascii(v.bytes()));
  }

  /**
   * The literal.
   *
   * @param column the type of the column the value is compared with, null when it is none
   * @param facts the session's variables; null when they are not known
   * @return empty when it might mean something else
   */
  static Optional<byte[]> text(
      SqlValue value, Protocol protocol, @Nullable Kind column, @Nullable SessionFacts facts) {
    byte[] bytes = value.bytes();
    if (bytes == null
        || (protocol == Protocol.BINARY && !sameKind(value.form(), bytes.length, column))) {
      return Optional.empty();
    }
    return switch (value.form()) {
      case INTEGER, DECIMAL, APPROXIMATE -> number(bytes);
      case STRING -> string(bytes, facts);
      case BINARY -> isStringKind(column) ? Optional.of(hex(bytes)) : Optional.empty();
      case DATETIME -> Optional.of(temporal(bytes.length == 10 ? "DATE'" : "TIMESTAMP'", bytes));
      case TIME -> Optional.of(temporal("TIME'", bytes));
      case NULL, UNKNOWN -> Optional.empty();
    };
  }

  private static boolean sameKind(SqlValue.Form form, int length, @Nullable Kind column) {
    if (column == null) {
      return false;
    }
    return switch (column) {
      case TINYINT, SMALLINT, MEDIUMINT, INT, BIGINT, DECIMAL -> form == SqlValue.Form.INTEGER;
      case CHAR, VARCHAR, TEXT -> form == SqlValue.Form.STRING;
      case BINARY, VARBINARY, BLOB -> form == SqlValue.Form.BINARY;
      case DATE -> form == SqlValue.Form.DATETIME && length == 10;
      case DATETIME, TIMESTAMP -> form == SqlValue.Form.DATETIME && length == 19;
      case YEAR, FLOAT, DOUBLE, BIT, TIME, ENUM, SET, JSON -> false;
    };
  }

  private static Optional<byte[]> number(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return text.matches("[-+]?[0-9.]+([eE][-+]?[0-9]+)?")
        ? Optional.of((" " + text).getBytes(StandardCharsets.US_ASCII))
        : Optional.empty();
  }

  private static Optional<byte[]> string(byte[] bytes, @Nullable SessionFacts facts) {
    if (!ascii(bytes) && (facts == null || !PLAIN_CHARSETS.contains(facts.characterSetClient()))) {
      return Optional.empty();
    }
    SqlText out = new SqlText().add('\'');
    for (byte b : bytes) {
      if (b == '\\') {
        // What it means depends on sql_mode, and in a pattern it was left as it stood.
        return Optional.empty();
      }
      if (b == '\'') {
        out.add('\'');
      }
      out.add(new byte[] {b});
    }
    return Optional.of(out.add('\'').bytes());
  }

  /** {@code X'31'} is a number where a number is wanted, {@code _binary'1'} is not. */
  private static boolean isStringKind(@Nullable Kind column) {
    if (column == null) {
      return false;
    }
    return switch (column) {
      case CHAR, VARCHAR, TEXT, BINARY, VARBINARY, BLOB -> true;
      case TINYINT,
          SMALLINT,
          MEDIUMINT,
          INT,
          BIGINT,
          YEAR,
          FLOAT,
          DOUBLE,
          DECIMAL,
          BIT,
          DATE,
          TIME,
          DATETIME,
          TIMESTAMP,
          ENUM,
          SET,
          JSON ->
          false;
    };
  }

  private static byte[] hex(byte[] bytes) {
    return ("X'" + HexFormat.of().formatHex(bytes) + "'").getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] temporal(String type, byte[] bytes) {
    return new SqlText().add(type).add(bytes).add('\'').bytes();
  }

  private static boolean ascii(byte @Nullable [] bytes) {
    if (bytes != null) {
      for (byte b : bytes) {
        if (b < 0) {
          return false;
        }
      }
    }
    return true;
  }
}
