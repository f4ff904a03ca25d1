package io.crossfade.bench.soak;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/** Counts how actions ended, by kind. Thread-safe. */
final class Outcomes {
  private static final int KEPT = 30;

  private final Map<String, LongAdder> done = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> failed = new ConcurrentHashMap<>();
  private final List<String> first = new CopyOnWriteArrayList<>();

  /** An action ended as it should. */
  void done(String kind) {
    done.computeIfAbsent(kind, k -> new LongAdder()).increment();
  }

  /** An action ended otherwise. */
  void failed(String kind, Exception e) {
    String how =
        e instanceof SQLException s
            ? s.getErrorCode() + "/" + s.getSQLState()
            : e.getClass().getSimpleName();
    String name = kind + ": " + how;
    failed.computeIfAbsent(name, k -> new LongAdder()).increment();
    if (first.size() < KEPT) {
      first.add(kind + ": " + e);
    }
  }

  long total() {
    return sum(done);
  }

  long failures() {
    return sum(failed);
  }

  /** Ended well, by kind of action. */
  Map<String, Long> byKind() {
    return copy(done);
  }

  /** Failures by kind of action and error. */
  Map<String, Long> failuresByKind() {
    return copy(failed);
  }

  /** The first failures as they read. */
  List<String> firstFailures() {
    return List.copyOf(first);
  }

  private static long sum(Map<String, LongAdder> counts) {
    return counts.values().stream().mapToLong(LongAdder::sum).sum();
  }

  private static Map<String, Long> copy(Map<String, LongAdder> counts) {
    Map<String, Long> out = new TreeMap<>();
    counts.forEach((k, v) -> out.put(k, v.sum()));
    return out;
  }
}
