package io.crossfade.server.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes, written {@code 512 B}, {@code 64 KiB}, {@code 4 MiB}, {@code 1 GiB}. */
public record ByteSize(long bytes) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,10})\\s*(b|kib|mib|gib)");

  /**
   * Reads a number with its unit.
   *
   * @throws IllegalArgumentException when the text is not of that form
   */
  public static ByteSize parse(String text) {
    Matcher matcher = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException("no size");
    }
    int shift =
        switch (matcher.group(2)) {
          case "kib" -> 10;
          case "mib" -> 20;
          case "gib" -> 30;
          default -> 0;
        };
    return new ByteSize(Long.parseLong(matcher.group(1)) << shift);
  }

  /** {@code count} mebibytes. */
  public static ByteSize mebibytes(long count) {
    return new ByteSize(count << 20);
  }
}
