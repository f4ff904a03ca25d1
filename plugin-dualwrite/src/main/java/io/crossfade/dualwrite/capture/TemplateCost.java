package io.crossfade.dualwrite.capture;

import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** What one template cost in one table so far. Thread-safe. */
final class TemplateCost {
  private final String template;
  private final String kind;
  private final Map<How, Long> executions = new EnumMap<>(How.class);
  private String reason = "";
  private NotAsked notAsked = NotAsked.NONE;
  private long keys;
  private long ranges;
  private long waitNanos;
  private long questions;
  private long questionNanos;
  private Instant last = Instant.EPOCH;

  TemplateCost(String template, String kind) {
    this.template = template;
    this.kind = kind;
  }

  /** One execution marked something. */
  synchronized void marked(How how, Mark mark, NotAsked why) {
    executions.merge(how, 1L, Long::sum);
    keys += mark.keys().size();
    ranges += mark.ranges().size();
    if (!mark.ranges().isEmpty()) {
      reason = mark.reason();
      notAsked = why;
    }
    last = Instant.now();
  }

  /** Ranges that {@link #marked} counted were replaced by keys. */
  synchronized void narrowed(Mark mark, How how, int newKeys) {
    executions.merge(How.of(mark), -1L, Long::sum);
    executions.merge(how, 1L, Long::sum);
    ranges -= mark.ranges().size();
    keys += newKeys;
  }

  /** Rows came in between question and statement: {@code mark} was marked besides. */
  synchronized void widened(Mark mark) {
    executions.merge(How.ASKED, -1L, Long::sum);
    marked(How.of(mark), mark, NotAsked.DIFFERED);
  }

  synchronized void waited(long nanos) {
    waitNanos += nanos;
  }

  synchronized void asked(long nanos) {
    questions++;
    questionNanos += nanos;
  }

  synchronized Snapshot snapshot() {
    Map<How, Long> counts = new EnumMap<>(How.class);
    counts.putAll(executions);
    return new Snapshot(
        template,
        kind,
        counts,
        reason,
        notAsked,
        keys,
        ranges,
        waitNanos,
        questions,
        questionNanos,
        last);
  }

  /** The figures at one moment. */
  record Snapshot(
      String template,
      String kind,
      Map<How, Long> counts,
      String reason,
      NotAsked notAsked,
      long keys,
      long ranges,
      long waitNanos,
      long questions,
      long questionNanos,
      Instant last) {
    long count(How how) {
      return counts.getOrDefault(how, 0L);
    }

    long tables() {
      return count(How.TABLE);
    }

    long prefixes() {
      return count(How.PREFIX);
    }

    long nanos() {
      return waitNanos + questionNanos;
    }

    long executions() {
      return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    Map<String, Object> json() {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("template", template);
      map.put("kind", kind);
      map.put("executions", executions());
      for (How how : How.values()) {
        if (count(how) > 0) {
          map.put(how.token(), count(how));
        }
      }
      map.put("keys", keys);
      map.put("ranges", ranges);
      map.put("waitMillis", waitNanos / 1_000_000);
      map.put("questions", questions);
      map.put("questionMillis", questionNanos / 1_000_000);
      map.put("lastSeen", last.toString());
      if (tables() + prefixes() > 0) {
        map.put("reason", reason);
        map.put("notAsked", notAsked == NotAsked.NONE ? "" : notAsked.token());
        map.put("hint", Hints.of(reason, notAsked));
      }
      return map;
    }
  }
}
