package io.crossfade.dualwrite.dirty;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.plugin.MirrorState;
import io.crossfade.api.sql.TableName;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@link DirtyStore} over a {@link Disk}: the state is in memory, every mark is on disk (group
 * commit) before it is confirmed, and the disk is only read when the store is opened.
 */
public final class JournaledDirtyStore implements DirtyStore {
  private static final Logger LOGGER = LoggerFactory.getLogger(JournaledDirtyStore.class);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);
  private static final Duration PUT_LIMIT = Duration.ofSeconds(30);

  private final StoreMetrics metrics;
  private final Journal journal;
  private final Sessions sessions;
  private final Map<TableName, TableEntries> tables = new ConcurrentHashMap<>();
  private final ConcurrentSkipListMap<String, byte[]> values = new ConcurrentSkipListMap<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile Consumer<TableName> eligible = t -> {};

  private JournaledDirtyStore(
      Disk disk,
      DebtFlag flag,
      DirtyStoreConfig config,
      Collection<TableName> watched,
      StoreMetrics metrics,
      Incidents incidents)
      throws IOException {
    this.metrics = metrics;
    this.journal = new Journal(disk, flag, config, metrics, incidents);
    Loaded loaded = new Loaded();
    disk.load(loaded::accept);
    long incarnation = loaded.incarnation + 1;
    this.sessions = new Sessions(incarnation, journal, this::eligible);
    sessions.inherit(loaded.sessions, loaded.xids);
    loaded.keys.forEach((t, keys) -> keys.forEach(table(t)::inherit));
    loaded.ranges.forEach((t, ranges) -> ranges.forEach(table(t)::inherit));
    values.putAll(loaded.values);
    Map<RecordKey, byte[]> first = new TreeMap<>();
    first.put(new RecordKey(Records.FORMAT_KEY), Records.number(Records.FORMAT));
    first.put(new RecordKey(Records.INCARNATION_KEY), Records.number(incarnation));
    boolean debt = flag.isSet();
    if (debt) {
      inheritEverything(watched, first);
    }
    disk.write(first, true);
    if (debt) {
      flag.clear();
    }
    watched.forEach(this::table);
    metrics.undecided(this);
    journal.start();
  }

  /** Opens the store in RocksDB, in the configured directory. As {@link #open} with a disk. */
  public static JournaledDirtyStore open(
      DirtyStoreConfig config,
      Collection<TableName> tables,
      MeterRegistry meters,
      Incidents incidents) {
    return open(config, RocksDisk.OPENER, tables, meters, incidents);
  }

  /**
   * Opens the store, creating it when missing. The debt flag is in the configured directory,
   * whatever the disk is.
   *
   * @param tables the watched tables; all of them are dirty as a whole when the last run ended in
   *     debt
   * @throws DirtyStoreException when it cannot be opened
   */
  public static JournaledDirtyStore open(
      DirtyStoreConfig config,
      Disk.Opener opener,
      Collection<TableName> tables,
      MeterRegistry meters,
      Incidents incidents) {
    Path directory = config.directory();
    StoreMetrics metrics = new StoreMetrics(meters);
    Disk disk = null;
    DebtFlag flag = null;
    JournaledDirtyStore store = null;
    try {
      Files.createDirectories(directory);
      flag = new FileDebtFlag(directory.resolve("debt"));
      disk = opener.open(directory, metrics::abnormal);
      store = new JournaledDirtyStore(disk, flag, config, tables, metrics, incidents);
      return store;
    } catch (IOException e) {
      throw new DirtyStoreException(
          "The dirty store in "
              + directory
              + " cannot be opened: "
              + e.getMessage()
              + ". "
              + opener.advice(),
          e);
    } finally {
      if (store == null) {
        if (disk != null) {
          disk.close();
        }
        if (flag != null) {
          flag.close();
        }
      }
    }
  }

  /** A store on a disk and a flag that a test controls. */
  static JournaledDirtyStore on(
      Disk disk,
      DebtFlag flag,
      DirtyStoreConfig config,
      Collection<TableName> tables,
      MeterRegistry meters,
      Incidents incidents)
      throws IOException {
    return new JournaledDirtyStore(disk, flag, config, tables, new StoreMetrics(meters), incidents);
  }

  private void inheritEverything(Collection<TableName> watched, Map<RecordKey, byte[]> first) {
    LOGGER
        .atWarn()
        .addKeyValue("tables", watched.size())
        .log("The last run ended in debt: every watched table is dirty as a whole");
    metrics.abnormal("started-in-debt");
    for (TableName t : watched) {
      byte[] prefix = Records.entryPrefix(Records.RANGE, t);
      first.put(new RecordKey(Records.range(prefix, KeyRange.ALL)), Records.NONE);
      table(t).inherit(KeyRange.ALL);
    }
    byte[] any = Records.session(0, 0);
    first.put(new RecordKey(any), Records.sessionValue(SessionId.ANY));
    sessions.inherit(Map.of(new RecordKey(any), SessionId.ANY), List.of());
  }

  private TableEntries table(TableName t) {
    return tables.computeIfAbsent(
        t,
        name -> {
          TableEntries made = new TableEntries(name, journal, sessions::inheritedHeld);
          metrics.table(made);
          return made;
        });
  }

  private void eligible(TableName t) {
    eligible.accept(t);
  }

  // --- marking ---

  @Override
  public Holder open(SessionId id) {
    return sessions.open(id, tables.values());
  }

  @Override
  public CompletionStage<Void> mark(Holder h, TableName t, List<Key> keys, List<KeyRange> ranges) {
    return journal.confirmed(sessions.mark((Holding) h, table(t), keys, ranges));
  }

  @Override
  public CompletionStage<Void> mark(
      TableName t, List<Key> keys, List<KeyRange> ranges, String reason) {
    metrics.unheld(reason, keys.size() + ranges.size());
    long batch = table(t).mark(keys, ranges, null, null);
    eligible(t);
    return journal.confirmed(batch);
  }

  @Override
  public CompletionStage<Void> narrow(
      Holder h, TableName t, List<KeyRange> ranges, List<Key> keys) {
    return journal.confirmed(sessions.narrow((Holding) h, table(t), ranges, keys));
  }

  @Override
  public CompletionStage<Void> durable(Holder h) {
    return journal.confirmed(sessions.batch((Holding) h));
  }

  // --- the life of a holder ---

  @Override
  public void touched(Holder h) {
    sessions.touched((Holding) h);
  }

  @Override
  public void release(Holder h) {
    sessions.release((Holding) h);
  }

  @Override
  public Optional<Holder> entrust(Holder h) {
    return sessions.entrust((Holding) h);
  }

  @Override
  public void settle(Holder entrusted, Map<TableName, List<Key>> keys) {
    sessions.settle((Holding) entrusted, keys);
  }

  @Override
  public void lost(Holder h) {
    metrics.abnormal("session-lost");
    sessions.lost((Holding) h);
  }

  @Override
  public void unregister(Holder h) {
    sessions.lost((Holding) h);
  }

  @Override
  public CompletionStage<Void> preparing(Holder h, Xid xid) {
    return journal.confirmed(sessions.preparing((Holding) h, xid));
  }

  @Override
  public Set<SessionId> undecided() {
    return sessions.undecided();
  }

  @Override
  public void ended(SessionId id) {
    sessions.ended(id, tables.values());
  }

  @Override
  public Set<Xid> prepared() {
    return sessions.prepared();
  }

  @Override
  public void ended(Xid xid) {
    sessions.ended(xid, tables.values());
  }

  @Override
  public void retryUndecided() {
    sessions.retryUndecided(tables.values());
  }

  // --- re-reading ---

  @Override
  public List<Picked> pick(TableName t, int max) {
    return table(t).pick(max);
  }

  @Override
  public List<PickedRange> pickRanges(TableName t, int max) {
    return table(t).pickRanges(max);
  }

  @Override
  public void done(Picked p) {
    if (table(p.table()).done(p)) {
      eligible(p.table());
    }
  }

  @Override
  public void done(PickedRange p) {
    if (table(p.table()).done(p)) {
      eligible(p.table());
    }
  }

  @Override
  public void failed(Picked p) {
    table(p.table()).failed(p.key());
    eligible(p.table());
  }

  @Override
  public void failed(PickedRange p) {
    table(p.table()).failed(p.range());
    eligible(p.table());
  }

  @Override
  public void onEligible(Consumer<TableName> listener) {
    eligible = listener;
  }

  // --- looking ---

  @Override
  public Optional<MirrorState.Ticket> clean(TableName t, List<KeyRange> ranges) {
    return table(t).clean(ranges);
  }

  @Override
  public boolean stillClean(MirrorState.Ticket ticket) {
    TableEntries.Ticket t = (TableEntries.Ticket) ticket;
    return t.entries().stillClean(t);
  }

  @Override
  public boolean isDirty(TableName t, Key key) {
    return table(t).isDirty(key);
  }

  @Override
  public List<KeyRange> ranges(TableName t) {
    return table(t).ranges();
  }

  @Override
  public Stats stats(TableName t) {
    return table(t).stats();
  }

  @Override
  public Collection<TableName> tables() {
    return List.copyOf(tables.keySet());
  }

  // --- named values ---

  @Override
  public Optional<byte[]> get(String name) {
    return Optional.ofNullable(values.get(name));
  }

  @Override
  public Map<String, byte[]> values(String prefix) {
    Map<String, byte[]> found = new TreeMap<>();
    for (Map.Entry<String, byte[]> e : values.tailMap(prefix, true).entrySet()) {
      if (!e.getKey().startsWith(prefix)) {
        break;
      }
      found.put(e.getKey(), e.getValue());
    }
    return found;
  }

  @Override
  public void put(String name, byte[] value) {
    await(journal.put(Records.named(Records.VALUE, name), value), name);
    values.put(name, value);
  }

  @Override
  public void remove(String name) {
    await(journal.deleteNow(Records.named(Records.VALUE, name)), name);
    values.remove(name);
  }

  private void await(long batch, String name) {
    try {
      journal.written(batch).get(PUT_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DirtyStoreException("Interrupted while '" + name + "' was being kept", e);
    } catch (ExecutionException | TimeoutException e) {
      metrics.abnormal("value-not-kept");
      throw new DirtyStoreException("'" + name + "' cannot be made durable", e);
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      sessions.close();
      journal.close(CLOSE_LIMIT);
    }
  }

  /** What was found on disk. */
  private static final class Loaded {
    final Map<TableName, List<Key>> keys = new ConcurrentHashMap<>();
    final Map<TableName, List<KeyRange>> ranges = new ConcurrentHashMap<>();
    final Map<RecordKey, SessionId> sessions = new ConcurrentHashMap<>();
    final List<Xid> xids = new ArrayList<>();
    final Map<String, byte[]> values = new TreeMap<>();
    long incarnation;

    void accept(byte[] record, byte[] value) {
      switch (record[0]) {
        case Records.META -> meta(record, value);
        case Records.KEY ->
            keys.computeIfAbsent(Records.table(record), t -> new ArrayList<>())
                .add(Records.key(record));
        case Records.RANGE ->
            ranges
                .computeIfAbsent(Records.table(record), t -> new ArrayList<>())
                .add(Records.range(record));
        case Records.SESSION -> sessions.put(new RecordKey(record), Records.sessionId(value));
        case Records.XA -> xids.add(new Xid(Records.name(record)));
        case Records.VALUE -> values.put(Records.name(record), value);
        default ->
            throw new DirtyStoreException(
                "The dirty store holds a record of unknown kind "
                    + new String(record, 0, 1, StandardCharsets.ISO_8859_1));
      }
    }

    private void meta(byte[] record, byte[] value) {
      if (java.util.Arrays.equals(record, Records.FORMAT_KEY)) {
        long format = Records.number(value);
        if (format > Records.FORMAT) {
          throw new DirtyStoreException(
              "The dirty store has format "
                  + format
                  + ", written by a newer version; this version reads up to "
                  + Records.FORMAT
                  + ". Start the newer version");
        }
      } else if (java.util.Arrays.equals(record, Records.INCARNATION_KEY)) {
        incarnation = Records.number(value);
      }
    }
  }
}
