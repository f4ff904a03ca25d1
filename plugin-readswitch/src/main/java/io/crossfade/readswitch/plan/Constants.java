package io.crossfade.readswitch.plan;

import io.crossfade.api.sql.Operand;
import io.crossfade.api.value.ColumnType;
import io.crossfade.api.value.SqlValue;
import io.crossfade.api.value.SqlValue.Form;
import io.crossfade.api.value.ValueCodec;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of one execution, as text forms that compare with a column's as MySQL would have it.
 */
final class Constants {
  private static final int MOST_DECIMAL_CHARACTERS = 60;
  private static final int SECONDS = "0000-00-00 00:00:00".length();
  private static final DateTimeFormatter DATE_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withResolverStyle(ResolverStyle.STRICT);
  // TIMESTAMP ends on 2038-01-19 and begins on 1970-01-01, UTC; a day off either end is not needed.
  private static final LocalDateTime FIRST = LocalDateTime.of(1970, 1, 3, 0, 0);
  private static final LocalDateTime LAST = LocalDateTime.of(2038, 1, 17, 0, 0);

  private final List<SqlValue> values;
  private final SessionTerms terms;

  Constants(List<SqlValue> values, SessionTerms terms) {
    this.values = values;
    this.terms = terms;
  }

  /** The value an operand stands for. */
  SqlValue value(Operand operand) throws Unproven {
    return switch (operand.kind()) {
      case VALUE -> values.get(operand.index());
      case NULL -> SqlValue.NULL;
      case DEFAULT, SAME, EXPRESSION -> throw new Unproven("expression");
    };
  }

  /** The text form to compare a column of {@code type} with; null for SQL NULL. */
  byte @Nullable [] text(ColumnType type, Operand operand) throws Unproven {
    SqlValue value = value(operand);
    if (value.form() == Form.NULL) {
      return null;
    }
    byte[] bytes = value.bytes();
    if (bytes == null) {
      throw new Unproven("value");
    }
    return switch (type.kind()) {
      case TIMESTAMP -> timestamp(type, value.form(), bytes);
      case DECIMAL -> decimal(value.form(), bytes);
      case CHAR, VARCHAR, TEXT -> characters(value.form(), bytes);
      case TINYINT,
          SMALLINT,
          MEDIUMINT,
          INT,
          BIGINT,
          YEAR,
          DATE,
          DATETIME,
          BINARY,
          VARBINARY,
          BLOB ->
          ValueCodec.canonical(type, value).orElseThrow(() -> new Unproven("value"));
      case FLOAT, DOUBLE, BIT, TIME, ENUM, SET, JSON -> throw new Unproven("filter-type");
    };
  }

  private static byte[] decimal(Form form, byte[] bytes) throws Unproven {
    if ((form == Form.INTEGER || form == Form.DECIMAL) && bytes.length <= MOST_DECIMAL_CHARACTERS) {
      return bytes;
    }
    throw new Unproven("value");
  }

  private byte[] characters(Form form, byte[] bytes) throws Unproven {
    if (form != Form.STRING || !terms.asciiClient()) {
      throw new Unproven("value");
    }
    for (byte b : bytes) {
      if (b <= 0) {
        throw new Unproven("value");
      }
    }
    return bytes;
  }

  private byte[] timestamp(ColumnType type, Form form, byte[] bytes) throws Unproven {
    ZoneOffset zone = terms.zone();
    if (zone == null) {
      throw new Unproven("time-zone");
    }
    String text = new String(bytes, StandardCharsets.US_ASCII);
    if ((form != Form.STRING && form != Form.DATETIME) || text.length() < SECONDS) {
      throw new Unproven("value");
    }
    LocalDateTime utc;
    try {
      utc =
          LocalDateTime.parse(text.substring(0, SECONDS), DATE_TIME)
              .minusSeconds(zone.getTotalSeconds());
    } catch (DateTimeParseException e) {
      throw new Unproven("value");
    }
    if (utc.isBefore(FIRST) || utc.isAfter(LAST)) {
      throw new Unproven("value");
    }
    return (DATE_TIME.format(utc) + fraction(text.substring(SECONDS), type.scale()))
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** The fraction at the column's scale; a finer one would be rounded or not, as MySQL likes. */
  private static String fraction(String given, int scale) throws Unproven {
    if (!given.matches("(\\.\\d{1,6})?")) {
      throw new Unproven("value");
    }
    String digits = given.isEmpty() ? "" : given.substring(1);
    String padded = digits + "0".repeat(Math.max(0, scale - digits.length()));
    if (!padded.substring(scale).matches("0*")) {
      throw new Unproven("value");
    }
    return scale == 0 ? "" : "." + padded.substring(0, scale);
  }
}
