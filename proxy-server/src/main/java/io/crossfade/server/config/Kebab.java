package io.crossfade.server.config;

import java.util.Locale;

/** How names of the program are written in the file. */
final class Kebab {
  private Kebab() {}

  /** {@code connectTimeout} to {@code connect-timeout}. */
  static String of(String camelCase) {
    return camelCase.replaceAll("(?<=[a-z0-9])([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
