package io.crossfade.dualwrite.reconcile;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.mapping.Row;
import io.crossfade.dualwrite.hbase.Intent;
import io.crossfade.dualwrite.hbase.ItemReader.Compared;
import io.crossfade.dualwrite.mirror.Lane;
import io.crossfade.dualwrite.mirror.Lane.Reading;
import io.crossfade.dualwrite.mirror.WriteTracker.Operation;
import io.crossfade.dualwrite.reconcile.Job.Count;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The first sweep: MySQL's rows in key order, a chunk at a time with a version of its own, against
 * multi-gets in HBase. Finds what is missing or different in HBase. One thread.
 */
final class MySqlSweep {
  private final Lane lane;
  private final Job job;
  private final Outcome outcome;

  MySqlSweep(Lane lane, Job job, Outcome outcome) {
    this.lane = lane;
    this.job = job;
    this.outcome = outcome;
  }

  /**
   * Deals with the next chunk of {@code part} and moves its cursor behind it.
   *
   * @return how many rows it had
   * @throws IOException when not everything could be written; the cursor stays
   */
  int chunk(Part part, int size) throws SQLException, IOException, InterruptedException {
    KeyRange rest = new KeyRange(part.cursor, part.range.to());
    Operation operation = lane.writes().begin();
    boolean ended = false;
    Map<Key, Row> rows;
    try {
      Reading reading = lane.read((reader, connection) -> reader.page(connection, rest, size));
      rows = reading.rows();
      List<Intent> intents = differing(reading);
      if (!intents.isEmpty()) {
        ended = true;
        outcome.of(lane.write(operation, reading, intents));
      }
    } finally {
      if (!ended) {
        operation.finished();
      }
    }
    job.add(Count.COMPARED, rows.size());
    byte[] next = part.cursor;
    for (Key key : rows.keySet()) {
      next = KeyRange.of(key).to();
    }
    boolean end = rows.size() < size || Arrays.equals(next, part.range.to());
    job.swept(part, next, end);
    return rows.size();
  }

  private List<Intent> differing(Reading reading) throws IOException {
    List<Intent> intents = new ArrayList<>();
    for (Map.Entry<Key, Compared> e : compared(reading.rows()).entrySet()) {
      boolean newer = e.getValue().item().version() >= reading.version();
      boolean right = e.getValue().right();
      if (job.mode() == Mode.LOOK) {
        if (!right) {
          job.suspect(e.getKey());
        }
      } else if (!newer && (!right || job.mode() == Mode.REWRITE)) {
        if (!right) {
          job.differs(e.getKey());
        }
        intents.add(new Intent(e.getKey(), reading.rows().get(e.getKey())));
      }
    }
    return intents;
  }

  /** A key that cannot be compared is left to the mirror, and is not in the result. */
  private Map<Key, Compared> compared(Map<Key, Row> rows) throws IOException {
    try {
      return lane.items().compare(rows);
    } catch (RuntimeException e) {
      Map<Key, Compared> compared = new HashMap<>();
      for (Map.Entry<Key, Row> row : rows.entrySet()) {
        try {
          compared.putAll(lane.items().compare(Map.of(row.getKey(), row.getValue())));
        } catch (RuntimeException own) {
          outcome.leave(List.of(row.getKey()), own);
        }
      }
      return compared;
    }
  }
}
