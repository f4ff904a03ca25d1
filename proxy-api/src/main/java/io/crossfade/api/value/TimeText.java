package io.crossfade.api.value;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A TIME: {@code [-]hh:mm:ss[.ffffff]} with up to three digits of hours.
 *
 * @param negative whether it is below zero
 * @param hours 0 to 838
 * @param minutes 0 to 59
 * @param seconds 0 to 59
 * @param micros 0 to 999999
 */
record TimeText(boolean negative, int hours, int minutes, int seconds, int micros) {
  private static final Pattern TIME =
      Pattern.compile("(-?)(\\d{1,3}):(\\d\\d):(\\d\\d)(?:\\.(\\d{1,6}))?");

  static TimeText parse(byte[] text) {
    Matcher m = TIME.matcher(new String(text, StandardCharsets.US_ASCII));
    if (!m.matches()) {
      throw new IllegalArgumentException("not the text of a TIME");
    }
    String fraction = m.group(5) == null ? "" : m.group(5);
    return new TimeText(
        m.group(1).equals("-"),
        Integer.parseInt(m.group(2)),
        Integer.parseInt(m.group(3)),
        Integer.parseInt(m.group(4)),
        Integer.parseInt(fraction + "0".repeat(6 - fraction.length())));
  }

  /** Microseconds, signed. */
  long total() {
    long total = ((hours * 60L + minutes) * 60 + seconds) * 1_000_000 + micros;
    return negative ? -total : total;
  }
}
