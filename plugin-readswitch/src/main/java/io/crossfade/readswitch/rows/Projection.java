package io.crossfade.readswitch.rows;

import io.crossfade.api.mapping.Row;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The select list: stored row -&gt; result row. */
public record Projection(List<Column> columns) {
  private static final int SECONDS = "0000-00-00 00:00:00".length();
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

  /**
   * One column of the result.
   *
   * @param position in the schema
   * @param zone for TIMESTAMP, the session's time zone; null for every other type
   */
  public record Column(int position, @Nullable ZoneOffset zone) {}

  /** The result row of a stored one. */
  public Row apply(Row row) {
    byte @Nullable [][] values = new byte[columns.size()][];
    for (int i = 0; i < values.length; i++) {
      Column column = columns.get(i);
      byte[] value = row.get(column.position());
      values[i] = column.zone() == null || value == null ? value : shift(value, column.zone());
    }
    return new Row(values);
  }

  /** A TIMESTAMP's text in {@code zone}; the zero value stays what it is. */
  static byte[] shift(byte[] utc, ZoneOffset zone) {
    if (zone.getTotalSeconds() == 0 || utc.length < SECONDS || startsWithZeroDate(utc)) {
      return utc;
    }
    String text = new String(utc, StandardCharsets.US_ASCII);
    LocalDateTime local =
        LocalDateTime.parse(text.substring(0, SECONDS), FORMAT).plusSeconds(zone.getTotalSeconds());
    return (FORMAT.format(local) + text.substring(SECONDS)).getBytes(StandardCharsets.US_ASCII);
  }

  private static boolean startsWithZeroDate(byte[] text) {
    return text[0] == '0' && text[1] == '0' && text[2] == '0' && text[3] == '0';
  }
}
