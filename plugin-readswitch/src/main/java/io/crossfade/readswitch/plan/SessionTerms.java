package io.crossfade.readswitch.plan;

import io.crossfade.api.plugin.SessionFacts;
import java.time.DateTimeException;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a SELECT's result depends on in its session.
 *
 * @param zone the time zone; null when it is not a fixed offset
 * @param results {@code character_set_results}; empty and {@code binary} convert nothing
 * @param asciiClient whether ASCII in a statement means ASCII
 * @param padsChar PAD_CHAR_TO_FULL_LENGTH
 * @param limited whether {@code sql_select_limit} cuts results off
 */
public record SessionTerms(
    @Nullable ZoneOffset zone,
    String results,
    boolean asciiClient,
    boolean padsChar,
    boolean limited) {
  /** Those of an ordinary session; for judging a template before any session is asked. */
  public static final SessionTerms ORDINARY =
      new SessionTerms(ZoneOffset.UTC, "utf8mb4", true, false, false);

  private static final String NO_LIMIT = "18446744073709551615";
  private static final Pattern OFFSET = Pattern.compile("([+-])(\\d{1,2}):(\\d{2})");
  private static final Set<String> UTC_NAMES = Set.of("UTC", "ETC/UTC");
  private static final Set<String> ASCII_CLIENTS =
      Set.of("utf8mb4", "utf8mb3", "utf8", "latin1", "ascii");
  // In these, digits and the other ASCII characters of a result are what they are in the column.
  private static final Set<String> RESULTS =
      Set.of("", "binary", "utf8mb4", "utf8mb3", "utf8", "latin1", "ascii");

  /** The terms that follow from a session's variables. */
  public static SessionTerms of(SessionFacts facts) {
    return new SessionTerms(
        zone(facts.timeZone()).orElse(null),
        facts.characterSetResults().toLowerCase(Locale.ROOT),
        ASCII_CLIENTS.contains(facts.characterSetClient().toLowerCase(Locale.ROOT)),
        ("," + facts.sqlMode().toUpperCase(Locale.ROOT) + ",")
            .contains(",PAD_CHAR_TO_FULL_LENGTH,"),
        !facts.sqlSelectLimit().equals(NO_LIMIT));
  }

  /** Whether results come in a character set in which ASCII is ASCII. */
  boolean asciiResults() {
    return RESULTS.contains(results);
  }

  /** Whether a column of {@code charset} comes out as the bytes that are stored. */
  boolean unconverted(String charset) {
    return switch (results) {
      case "", "binary" -> true;
      case "utf8mb4" -> Set.of("utf8mb4", "utf8mb3", "utf8", "ascii", "binary").contains(charset);
      case "utf8mb3", "utf8" -> Set.of("utf8mb3", "utf8", "ascii", "binary").contains(charset);
      case "latin1" -> Set.of("latin1", "ascii", "binary").contains(charset);
      case "ascii" -> Set.of("ascii", "binary").contains(charset);
      default -> false;
    };
  }

  private static Optional<ZoneOffset> zone(String timeZone) {
    if (UTC_NAMES.contains(timeZone.toUpperCase(Locale.ROOT))) {
      return Optional.of(ZoneOffset.UTC);
    }
    Matcher matcher = OFFSET.matcher(timeZone);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int sign = matcher.group(1).equals("-") ? -1 : 1;
    int hours = Integer.parseInt(matcher.group(2));
    int minutes = Integer.parseInt(matcher.group(3));
    try {
      return Optional.of(ZoneOffset.ofHoursMinutes(sign * hours, sign * minutes));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
