package io.crossfade.readswitch.census;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.crossfade.api.sql.TableName;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts the SELECT templates of each watched table. Bounded: the least used templates are
 * forgotten. Thread-safe.
 */
public final class Census {
  private static final int MOST_TEMPLATES = 1_000;
  private static final int SHOWN = 50;
  // A template is judged when first seen and then now and then: its values may decide.
  private static final long JUDGED_EVERY = 1_024;

  private final Cache<Template, Entry> entries =
      Caffeine.newBuilder().maximumSize(MOST_TEMPLATES).build();

  /** What identifies an entry. */
  private record Template(TableName table, String text) {}

  /** What is known of a template. */
  private static final class Entry {
    final LongAdder seen = new LongAdder();
    final LongAdder byHBase = new LongAdder();
    // Why HBase could not answer; empty: it could; null: not judged.
    volatile @Nullable String reason;
  }

  /**
   * A SELECT was seen.
   *
   * @param judge why HBase could not answer it, empty when it could, null while that cannot be
   *     known; asked only now and then
   */
  public void seen(TableName table, String template, Supplier<@Nullable String> judge) {
    Entry entry = entry(table, template);
    entry.seen.increment();
    if (entry.reason == null || entry.seen.sum() % JUDGED_EVERY == 0) {
      entry.reason = judge.get();
    }
  }

  /** HBase answered a SELECT. */
  public void answered(TableName table, String template) {
    entry(table, template).byHBase.increment();
  }

  private Entry entry(TableName table, String template) {
    return entries.get(new Template(table, template), t -> new Entry());
  }

  /** The most frequent templates of a table with their share, for the admin port. */
  public Map<String, Object> status(TableName table) {
    List<Map.Entry<Template, Entry>> all =
        entries.asMap().entrySet().stream().filter(e -> e.getKey().table().equals(table)).toList();
    long total = all.stream().mapToLong(e -> e.getValue().seen.sum()).sum();
    List<Map<String, Object>> top =
        all.stream()
            .sorted(Comparator.comparingLong(e -> -e.getValue().seen.sum()))
            .limit(SHOWN)
            .map(e -> describe(e.getKey().text(), e.getValue(), total))
            .toList();
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("selects", total);
    status.put("distinct", all.size());
    status.put("templates", top);
    return status;
  }

  private static Map<String, Object> describe(String text, Entry entry, long total) {
    long seen = entry.seen.sum();
    String reason = entry.reason;
    Map<String, Object> description = new LinkedHashMap<>();
    description.put("template", text);
    description.put("seen", seen);
    description.put("share", total == 0 ? 0.0 : (double) seen / total);
    description.put("byHBase", entry.byHBase.sum());
    description.put("answerable", reason == null ? "unknown" : reason.isEmpty() ? "yes" : "no");
    description.put("reason", reason == null ? "" : reason);
    return description;
  }
}
