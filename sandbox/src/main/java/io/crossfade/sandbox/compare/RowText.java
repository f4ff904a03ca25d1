package io.crossfade.sandbox.compare;

import org.jspecify.annotations.Nullable;

/** How a column of a row is written in what is compared and shown. */
final class RowText {
  private RowText() {}

  static String item(ComparedColumn column, @Nullable String text) {
    return column.name() + "=" + (text == null ? "NULL" : "'" + text + "'");
  }
}
