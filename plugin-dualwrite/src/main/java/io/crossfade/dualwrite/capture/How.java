package io.crossfade.dualwrite.capture;

import io.crossfade.api.mapping.KeyRange;
import java.util.Locale;

/** How the keys of one execution of a statement were obtained, from the cheapest to the dearest. */
enum How {
  /** The statement names them. */
  EXACT,
  /** MySQL's OK named them afterwards. */
  KNOWN,
  /** The binlog named them afterwards. */
  WITNESSED,
  /** MySQL was asked ahead. */
  ASKED,
  /** Not at all: ranges of a list, or of another part of the table, were marked. */
  PREFIX,
  /** Not at all: the whole table was marked. */
  TABLE;

  /** How an execution counts of which nothing but {@code mark} is known. */
  static How of(Mark mark) {
    if (mark.ranges().isEmpty()) {
      return EXACT;
    }
    return mark.ranges().stream().anyMatch(KeyRange::isAll) ? TABLE : PREFIX;
  }

  /** Its name in metrics and reports. */
  String token() {
    return name().toLowerCase(Locale.ROOT);
  }
}
