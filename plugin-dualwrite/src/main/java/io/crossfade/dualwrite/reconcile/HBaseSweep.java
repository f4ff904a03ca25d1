package io.crossfade.dualwrite.reconcile;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.Row;
import io.crossfade.dualwrite.hbase.Corrections;
import io.crossfade.dualwrite.hbase.Intent;
import io.crossfade.dualwrite.hbase.ItemScan;
import io.crossfade.dualwrite.hbase.ScannedRow;
import io.crossfade.dualwrite.hbase.StoredItem;
import io.crossfade.dualwrite.mirror.Lane;
import io.crossfade.dualwrite.mirror.Lane.Reading;
import io.crossfade.dualwrite.mirror.WriteTracker.Operation;
import io.crossfade.dualwrite.reconcile.Job.Count;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The second sweep: HBase's items in HBase's order, against multi-gets in MySQL. Finds what HBase
 * has and MySQL has not, order entries without an item and wrong counters; removes soft deletions
 * that are older than the retention. One thread.
 */
final class HBaseSweep {
  private final Lane lane;
  private final Corrections corrections;
  private final Predicate<Key> range;
  private final Job job;
  private final Duration retention;
  private final Outcome outcome;

  HBaseSweep(
      Lane lane,
      Corrections corrections,
      Predicate<Key> range,
      Job job,
      Duration retention,
      Outcome outcome) {
    this.lane = lane;
    this.corrections = corrections;
    this.range = range;
    this.job = job;
    this.retention = retention;
    this.outcome = outcome;
  }

  /**
   * Deals with the next rows of the scan, about {@code size} keys, and moves the part's mark behind
   * them.
   *
   * @return how many keys were looked up
   * @throws IOException when not everything could be done; the mark stays, the scan is spent
   */
  int chunk(Part part, ItemScan scan, int size)
      throws SQLException, IOException, InterruptedException {
    Map<Key, StoredItem> items = new LinkedHashMap<>();
    Map<Key, List<byte[]>> strays = new HashMap<>();
    List<ScannedRow> drifted = new ArrayList<>();
    byte[] last = part.scanned;
    boolean end = false;
    while (items.size() + strays.size() < size && !end) {
      ScannedRow row = scan.next();
      if (row == null) {
        end = true;
        continue;
      }
      last = row.end() ? row.row() : last;
      row.items().forEach((key, item) -> wanted(key, item, items));
      row.strays().forEach((key, list) -> stray(key, list, strays));
      if (row.drift() != 0) {
        drifted.add(row);
      }
    }
    List<Key> keys = new ArrayList<>(items.keySet());
    strays.keySet().stream().filter(key -> !items.containsKey(key)).forEach(keys::add);
    for (int from = 0; from < keys.size(); from += size) {
      lookUp(keys.subList(from, Math.min(keys.size(), from + size)), items, strays);
    }
    for (ScannedRow row : drifted) {
      drifted(row);
    }
    job.scanned(part, last, end);
    return keys.size();
  }

  private void wanted(Key key, StoredItem item, Map<Key, StoredItem> items) {
    if (range.test(key) && (item.live() || job.mode() == Mode.REWRITE || expired(item))) {
      items.put(key, item);
    }
  }

  private boolean expired(StoredItem item) {
    return job.mode() != Mode.LOOK
        && !item.live()
        && item.version() < lane.versions().used() - retention.toMillis();
  }

  private void stray(Key key, List<byte[]> list, Map<Key, List<byte[]>> strays) {
    if (range.test(key)) {
      strays.put(key, list);
    }
  }

  private void lookUp(List<Key> keys, Map<Key, StoredItem> items, Map<Key, List<byte[]>> strays)
      throws SQLException, IOException, InterruptedException {
    Operation operation = lane.writes().begin();
    boolean ended = false;
    try {
      Reading reading = lane.read((reader, connection) -> reader.rows(connection, keys));
      List<Intent> intents = new ArrayList<>();
      for (Key key : keys) {
        look(key, reading, items.get(key), strays.getOrDefault(key, List.of()), intents);
      }
      if (!intents.isEmpty()) {
        ended = true;
        outcome.of(lane.write(operation, reading, intents));
      }
    } finally {
      if (!ended) {
        operation.finished();
      }
    }
  }

  private void look(
      Key key,
      Reading reading,
      @Nullable StoredItem item,
      List<byte[]> strays,
      List<Intent> intents)
      throws IOException {
    @Nullable Row row = reading.rows().get(key);
    boolean extra = row == null && item != null && item.live();
    if (extra) {
      job.add(Count.COMPARED, 1);
    }
    job.add(Count.STRAYS, strays.size());
    if (job.mode() == Mode.LOOK) {
      if (extra) {
        job.suspect(key);
      }
      return;
    }
    if (extra && item != null && item.version() < reading.version()) {
      job.differs(key);
    }
    boolean gone = row == null && (extra || job.mode() == Mode.REWRITE);
    if (gone || !strays.isEmpty()) {
      intents.add(new Intent(key, row, strays));
    } else if (row == null && item != null && expired(item)) {
      job.add(Count.PURGED, corrections.purge(key, item.version()) ? 1 : 0);
    }
  }

  private void drifted(ScannedRow row) throws IOException {
    job.add(Count.COUNTERS, 1);
    if (job.mode() != Mode.LOOK && !corrections.counter(row)) {
      lane.notice()
          .abnormal("counter-skipped", 1, "a list's counter changed before it could be corrected");
    }
  }
}
