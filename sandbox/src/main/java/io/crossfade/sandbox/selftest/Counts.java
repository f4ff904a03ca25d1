package io.crossfade.sandbox.selftest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/** What the sessions did and saw. Thread-safe. */
final class Counts {
  private static final int KEPT = 20;

  private final Map<String, LongAdder> statements = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> events = new ConcurrentHashMap<>();
  private final List<String> findings = new CopyOnWriteArrayList<>();
  private final LongAdder found = new LongAdder();

  void statement(String kind) {
    add(statements, kind);
  }

  void error(int code, String state) {
    add(errors, code + "/" + state);
  }

  /** Something that is neither: a connection, a cut, a read that was checked. */
  void event(String what) {
    add(events, what);
  }

  /** Something that must not be. */
  void finding(String what) {
    found.increment();
    if (findings.size() < KEPT) {
      findings.add(what);
    }
  }

  private static void add(Map<String, LongAdder> map, String key) {
    map.computeIfAbsent(key, k -> new LongAdder()).increment();
  }

  Map<String, Long> statements() {
    return sums(statements);
  }

  Map<String, Long> errors() {
    return sums(errors);
  }

  Map<String, Long> events() {
    return sums(events);
  }

  long found() {
    return found.sum();
  }

  List<String> findings() {
    return new ArrayList<>(findings);
  }

  private static Map<String, Long> sums(Map<String, LongAdder> map) {
    Map<String, Long> sums = new TreeMap<>();
    map.forEach((key, adder) -> sums.put(key, adder.sum()));
    return sums;
  }
}
