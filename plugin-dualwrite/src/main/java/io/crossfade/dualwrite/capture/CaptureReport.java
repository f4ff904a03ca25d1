package io.crossfade.dualwrite.capture;

import io.crossfade.api.sql.TableName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What each statement template costs: how its keys were obtained, how often, and why not better.
 * Thread-safe. Templates only, never values. A bounded number of templates is told apart.
 */
public final class CaptureReport {
  /** Templates that are told apart, over all tables. */
  static final int MAX_TEMPLATES = 1000;

  /** Longer ones, such as bulk inserts, are told apart by their beginning. */
  private static final int MAX_LENGTH = 500;

  private static final String REST = "(other statements)";
  private static final String UNREADABLE = "(a command that could not be read)";

  private final Map<Id, TemplateCost> lines = new ConcurrentHashMap<>();
  private final AtomicInteger templates = new AtomicInteger();

  private record Id(TableName table, String template) {}

  /** The line of a mark's statement. */
  TemplateCost line(Planned planned) {
    TableName table = planned.mark().table();
    String text =
        planned.statement() == null ? UNREADABLE : planned.statement().statement().template();
    if (text.length() > MAX_LENGTH) {
      text = text.substring(0, MAX_LENGTH) + "…";
    }
    String kind =
        planned.statement() == null ? "OTHER" : planned.statement().statement().kind().name();
    Id id = new Id(table, text);
    TemplateCost line = lines.get(id);
    if (line != null) {
      return line;
    }
    if (templates.incrementAndGet() > MAX_TEMPLATES) {
      templates.decrementAndGet();
      return lines.computeIfAbsent(new Id(table, REST), k -> new TemplateCost(REST, "OTHER"));
    }
    String shown = text;
    return lines.computeIfAbsent(id, k -> new TemplateCost(shown, kind));
  }

  /** The report on one table, as JSON: the statements that cost most come first. */
  public Map<String, Object> of(TableName table) {
    List<TemplateCost.Snapshot> all = new ArrayList<>();
    lines.forEach(
        (id, line) -> {
          if (id.table().equals(table)) {
            all.add(line.snapshot());
          }
        });
    all.sort(
        Comparator.comparingLong(TemplateCost.Snapshot::tables)
            .thenComparingLong(TemplateCost.Snapshot::prefixes)
            .thenComparingLong(TemplateCost.Snapshot::nanos)
            .thenComparingLong(TemplateCost.Snapshot::executions)
            .reversed());
    Map<String, Object> report = new LinkedHashMap<>();
    for (How how : How.values()) {
      report.put(how.token(), all.stream().mapToLong(s -> s.count(how)).sum());
    }
    report.put("statements", all.stream().map(TemplateCost.Snapshot::json).toList());
    return report;
  }
}
