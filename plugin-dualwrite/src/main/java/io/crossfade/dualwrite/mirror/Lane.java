package io.crossfade.dualwrite.mirror;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.Row;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.hbase.HBaseLink;
import io.crossfade.dualwrite.hbase.Intent;
import io.crossfade.dualwrite.hbase.ItemReader;
import io.crossfade.dualwrite.hbase.ItemWriter;
import io.crossfade.dualwrite.hbase.MetaLedger;
import io.crossfade.dualwrite.hbase.WriteResult;
import io.crossfade.dualwrite.mysql.MySqlPool;
import io.crossfade.dualwrite.mysql.Primary;
import io.crossfade.dualwrite.mysql.RowReader;
import io.crossfade.dualwrite.mysql.Version;
import io.crossfade.dualwrite.mysql.Versions;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One table's way from MySQL to HBase: everything a re-read needs. Thread-safe; its methods block.
 */
public final class Lane implements Rereads.Way {
  private final MySqlPool pool;
  private final HBaseLink link;
  private final Versions versions;
  private final WriteTracker writes;
  private final Notice notice;
  private final Health health;
  private final Brake brake;
  private volatile Form form;
  private volatile Health.@Nullable Probe preparation;

  public Lane(
      TableMapping mapping,
      MySqlPool pool,
      HBaseLink link,
      Primary primary,
      Duration writeLifetime,
      MeterRegistry meters) {
    this.pool = pool;
    this.link = link;
    this.notice = new Notice(meters, mapping.table().toString());
    this.versions = new Versions(new MetaLedger(link, mapping.config().hbaseTable()), primary);
    this.writes = new WriteTracker(writeLifetime);
    this.health = new Health(notice, this::probe);
    this.brake = new Brake(notice);
    this.form = form(mapping);
  }

  /** How rows are read and written: everything that follows from the mapping. */
  private record Form(TableMapping mapping, RowReader rows, ItemReader items, ItemWriter writer) {}

  private Form form(TableMapping mapping) {
    ItemReader items =
        new ItemReader(
            link,
            mapping,
            () ->
                notice.abnormal(
                    "former-layout", 1, "an item of a former definition was met and is rewritten"));
    return new Form(
        mapping,
        new RowReader(mapping),
        items,
        new ItemWriter(link, mapping, items, () -> notice.count("conflicts", 1)));
  }

  /**
   * Goes over to another mapping of the same keys. An operation begun before may still write in the
   * old layout: the whole table must be marked after this returns, so that it is rewritten once all
   * of those have ended.
   */
  public void remap(TableMapping next) {
    form = form(next);
  }

  /**
   * Rows read at a version: what they say held at some moment after it.
   *
   * @param writer the one that understands these rows
   */
  public record Reading(Version taken, Map<Key, Row> rows, ItemWriter writer) {
    /** The version, in milliseconds of MySQL's clock. */
    public long version() {
      return taken.millis();
    }
  }

  /** A way to read rows. */
  @FunctionalInterface
  public interface Select {
    Map<Key, Row> on(RowReader reader, Connection connection) throws SQLException;
  }

  /** Takes a version, waits for the clock to tick, and reads on the same connection. */
  public Reading read(Select select) throws SQLException, IOException, InterruptedException {
    return pool.with(
        connection -> {
          Version version = versions.next(connection);
          Form now = form;
          return new Reading(version, select.on(now.rows(), connection), now.writer());
        });
  }

  /**
   * Re-reads {@code keys} and writes what is there, or that nothing is, also when HBase seems to
   * know. Keys that MySQL's collation takes for one of these are written too.
   */
  @Override
  public WriteResult reread(List<Key> keys) throws SQLException, IOException, InterruptedException {
    WriteTracker.Operation operation = writes.begin();
    int unknown = 0;
    try {
      Reading reading = read((reader, connection) -> reader.rows(connection, keys));
      unknown = keys.size();
      HashSet<Key> all = new HashSet<>(keys);
      all.addAll(reading.rows().keySet());
      List<Intent> intents = new ArrayList<>(all.size());
      for (Key key : all) {
        intents.add(new Intent(key, reading.rows().get(key)));
      }
      WriteResult result = reading.writer().write(reading.taken(), intents);
      unknown = result.unknown();
      told(result);
      return result;
    } finally {
      if (unknown > 0) {
        operation.abandoned(unknown);
      } else {
        operation.finished();
      }
    }
  }

  /** Writes what a reading during {@code operation}, which this ends, has shown. */
  public WriteResult write(
      WriteTracker.Operation operation, Reading reading, List<Intent> intents) {
    int unknown = intents.size();
    try {
      WriteResult result = reading.writer().write(reading.taken(), intents);
      unknown = result.unknown();
      told(result);
      return result;
    } finally {
      if (unknown == 0) {
        operation.finished();
      } else {
        operation.abandoned(unknown);
      }
    }
  }

  private void told(WriteResult result) {
    if (result.failed().isEmpty() || !result.applied().isEmpty()) {
      health.worked();
    }
    notice.count("written", result.applied().size());
    notice.count("superseded", result.superseded().size());
    notice.abnormal("abandoned", result.unknown(), "writes to HBase failed, their keys stay dirty");
    notice.abnormal(
        "stale", result.stale(), "writes came too late to be sent, the keys stay dirty");
  }

  /** Starts paused; {@code first} must succeed once before anything is mirrored. */
  public void prepareFirst(Health.Probe first) {
    preparation = first;
    health.starting();
  }

  /** What {@link #prepareFirst} asked for, now, on this thread. */
  public void prepare() throws Exception {
    Health.Probe first = preparation;
    if (first != null) {
      first.run();
      preparation = null;
    }
  }

  private void probe() throws Exception {
    prepare();
    look();
  }

  /** Looks whether both sides work: MySQL's clock, and HBase's table. */
  @Override
  public void look() throws Exception {
    pool.with(
        connection -> {
          versions.next(connection);
          return true;
        });
    link.probe(mapping().config().hbaseTable());
  }

  /** The mapping, as it is now. */
  public TableMapping mapping() {
    return form.mapping();
  }

  /** The MySQL table. */
  public TableName table() {
    return form.mapping().table();
  }

  /** Reads from HBase. */
  public ItemReader items() {
    return form.items();
  }

  /** Writes to HBase. */
  public ItemWriter writer() {
    return form.writer();
  }

  /** Re-reads under way. */
  public WriteTracker writes() {
    return writes;
  }

  /** Counters and incidents. */
  public Notice notice() {
    return notice;
  }

  /** Whether it can work. */
  public Health health() {
    return health;
  }

  /** How much work is slowed down, and why. */
  public Brake brake() {
    return brake;
  }

  /** The table's versions. */
  public Versions versions() {
    return versions;
  }

  /** Connections to MySQL. */
  public MySqlPool pool() {
    return pool;
  }
}
