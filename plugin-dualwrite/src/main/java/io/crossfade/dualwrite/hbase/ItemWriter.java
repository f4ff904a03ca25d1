package io.crossfade.dualwrite.hbase;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.Row;
import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.mapping.TableMapping.Address;
import io.crossfade.dualwrite.mysql.Version;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.hadoop.hbase.client.AsyncTable;
import org.apache.hadoop.hbase.client.CheckAndMutate;
import org.apache.hadoop.hbase.client.CheckAndMutateResult;
import org.apache.hadoop.hbase.client.Delete;
import org.apache.hadoop.hbase.client.Increment;
import org.apache.hadoop.hbase.client.Mutation;
import org.apache.hadoop.hbase.client.Put;
import org.apache.hadoop.hbase.client.RowMutations;
import org.apache.hadoop.hbase.io.TimeRange;
import org.jspecify.annotations.Nullable;

/**
 * Writes the states of keys at a version, guarded. Thread-safe; blocks.
 *
 * <p>The guard: an item is read, and replaced by one {@code checkAndMutate} whose condition is "the
 * item has no version newer than the one read" ({@code ifNotExists} over the time range above it).
 * Versions of an item only grow, so the condition holds exactly while the item is the one that was
 * read; and as a write at or below the version read is not even tried, a late write is refused as a
 * whole. Everything derived from the old state is therefore known and goes with the same row
 * mutation.
 *
 * <p>TALL order rows are other HBase rows: the new one is put before the item, the old one deleted
 * after it. A reader counts an order row only if the item has the same version.
 *
 * <p>Nothing is sent, at the first attempt or a later one, whose version was taken longer ago than
 * the client's deadline: how late a write can land is bounded only so.
 */
public final class ItemWriter {
  private static final int ATTEMPTS = 20;

  private final HBaseLink link;
  private final TableMapping mapping;
  private final ItemReader reader;
  private final boolean wide;
  private final int orders;
  private final Runnable onConflict;

  /**
   * @param onConflict told of each write that found the item changed since it was read, and is
   *     tried again
   */
  public ItemWriter(HBaseLink link, TableMapping mapping, Runnable onConflict) {
    this.link = link;
    this.mapping = mapping;
    this.reader = new ItemReader(link, mapping);
    this.wide = mapping.config().layout() == Layout.WIDE;
    this.orders = mapping.config().orders().size();
    this.onConflict = onConflict;
  }

  /**
   * Gives each key of {@code intents} (distinct) its state at {@code version}, unless it has a
   * newer one. Nothing is thrown: what fails is in the result.
   */
  public WriteResult write(Version version, List<Intent> intents) {
    Set<Key> applied = new HashSet<>();
    Set<Key> superseded = new HashSet<>();
    Map<Key, Throwable> failed = new HashMap<>();
    List<Intent> pending = intents;
    for (int attempt = 0; !pending.isEmpty() && attempt < ATTEMPTS; attempt++) {
      List<Intent> tried = pending;
      pending = new ArrayList<>();
      try {
        attempt(version, tried, applied, superseded, failed, pending);
      } catch (IOException e) {
        for (Intent intent : tried) {
          if (!applied.contains(intent.key()) && !superseded.contains(intent.key())) {
            failed.putIfAbsent(intent.key(), e);
          }
        }
        pending = List.of();
      }
      pending.forEach(p -> onConflict.run());
    }
    for (Intent intent : pending) {
      failed.put(intent.key(), new IOException("contended: " + ATTEMPTS + " attempts"));
    }
    return new WriteResult(applied, superseded, failed);
  }

  private void attempt(
      Version taken,
      List<Intent> intents,
      Set<Key> applied,
      Set<Key> superseded,
      Map<Key, Throwable> failed,
      List<Intent> again)
      throws IOException {
    long version = taken.millis();
    AsyncTable<?> table = link.table(mapping);
    Map<Key, StoredItem> items = reader.items(intents.stream().map(Intent::key).toList());
    List<Intent> writes = new ArrayList<>();
    List<CheckAndMutate> checks = new ArrayList<>();
    List<Put> orderRows = new ArrayList<>();
    for (Intent intent : intents) {
      StoredItem item = items.getOrDefault(intent.key(), StoredItem.ABSENT);
      if (item.version() >= version) {
        superseded.add(intent.key());
        continue;
      }
      writes.add(intent);
      checks.add(check(version, intent, item));
      if (!wide && intent.row() != null) {
        orderRows.addAll(orderRows(version, intent.row()));
      }
    }
    if (writes.isEmpty()) {
      return;
    }
    if (!orderRows.isEmpty()) {
      requireYoung(taken);
      link.awaitAll(table.put(orderRows));
    }
    requireYoung(taken);
    List<CompletableFuture<CheckAndMutateResult>> stages = table.checkAndMutate(checks);
    List<Delete> leftovers = new ArrayList<>();
    List<Key> written = new ArrayList<>();
    for (int i = 0; i < writes.size(); i++) {
      Intent intent = writes.get(i);
      try {
        if (!stages.get(i).join().isSuccess()) {
          again.add(intent);
          continue;
        }
        written.add(intent.key());
        if (!wide) {
          StoredItem old = items.getOrDefault(intent.key(), StoredItem.ABSENT);
          leftovers.addAll(leftovers(version, intent.row(), old.row()));
        }
      } catch (CompletionException e) {
        failed.put(intent.key(), e.getCause() == null ? e : e.getCause());
      }
    }
    applied.addAll(written);
    if (!leftovers.isEmpty()) {
      link.awaitAll(table.delete(leftovers));
    }
  }

  private void requireYoung(Version version) throws StaleVersionException {
    if (version.olderThan(link.settings().deadline())) {
      throw new StaleVersionException();
    }
  }

  private CheckAndMutate check(long version, Intent intent, StoredItem old) throws IOException {
    byte[] hbaseRow = mapping.itemRow(intent.key());
    byte[] qualifier = mapping.itemQualifier(intent.key());
    List<Mutation> mutations =
        wide
            ? wide(version, intent, old, hbaseRow, qualifier)
            : tall(version, intent.row(), old, hbaseRow, qualifier);
    return CheckAndMutate.newBuilder(hbaseRow)
        .ifNotExists(Families.ITEMS, qualifier)
        .timeRange(TimeRange.from(old.version() + 1))
        .build(new RowMutations(hbaseRow, mutations.size()).add(mutations));
  }

  private List<Mutation> tall(
      long version, @Nullable Row row, StoredItem old, byte[] hbaseRow, byte[] qualifier) {
    Put put =
        new Put(hbaseRow)
            .addColumn(
                Families.ITEMS,
                qualifier,
                version,
                row == null ? mapping.deleted() : mapping.itemValue(row));
    List<byte[]> stale = new ArrayList<>(old.columns());
    if (row != null) {
      for (TableMapping.Cell cell : mapping.columnCells(row)) {
        byte[] value = cell.value();
        if (value != null) {
          put.addColumn(Families.ITEMS, cell.qualifier(), version, value);
          stale.removeIf(q -> Arrays.equals(q, cell.qualifier()));
        }
      }
    }
    List<Mutation> mutations = new ArrayList<>();
    mutations.add(put);
    if (!stale.isEmpty()) {
      Delete delete = new Delete(hbaseRow);
      stale.forEach(q -> delete.addColumns(Families.ITEMS, q, version));
      mutations.add(delete);
    }
    return mutations;
  }

  private List<Put> orderRows(long version, Row row) {
    List<Put> puts = new ArrayList<>();
    for (int o = 0; o < orders; o++) {
      Address a = mapping.orderEntry(o, row);
      puts.add(
          new Put(a.row())
              .addColumn(Families.ORDERS, a.qualifier(), version, mapping.orderValue(row)));
    }
    return puts;
  }

  /** Order rows of the old state that the new one does not use. */
  private List<Delete> leftovers(long version, @Nullable Row row, @Nullable Row old) {
    List<Delete> deletes = new ArrayList<>();
    if (old != null) {
      for (int o = 0; o < orders; o++) {
        Address a = mapping.orderEntry(o, old);
        if (row == null || !Arrays.equals(a.row(), mapping.orderEntry(o, row).row())) {
          deletes.add(new Delete(a.row()).addColumns(Families.ORDERS, a.qualifier(), version));
        }
      }
    }
    return deletes;
  }

  private List<Mutation> wide(
      long version, Intent intent, StoredItem old, byte[] hbaseRow, byte[] qualifier) {
    @Nullable Row row = intent.row();
    @Nullable Row oldRow = old.row();
    Put put =
        new Put(hbaseRow)
            .addColumn(
                Families.ITEMS,
                qualifier,
                version,
                row == null ? mapping.deleted() : mapping.itemValue(row));
    List<byte[]> stale = new ArrayList<>(intent.strays());
    for (int o = 0; o < orders; o++) {
      if (oldRow != null) {
        stale.add(mapping.orderEntry(o, oldRow).qualifier());
      }
    }
    for (int o = 0; o < orders && row != null; o++) {
      byte[] entry = mapping.orderEntry(o, row).qualifier();
      put.addColumn(Families.ORDERS, entry, version, mapping.orderValue(row));
      stale.removeIf(q -> Arrays.equals(q, entry));
    }
    List<Mutation> mutations = new ArrayList<>();
    mutations.add(put);
    if (!stale.isEmpty()) {
      Delete delete = new Delete(hbaseRow);
      stale.forEach(q -> delete.addColumns(Families.ORDERS, q, version));
      mutations.add(delete);
    }
    int change = (row == null ? 0 : 1) - (oldRow == null ? 0 : 1);
    if (change != 0) {
      mutations.add(new Increment(hbaseRow).addColumn(Families.COUNTERS, Families.COUNT, change));
    }
    return mutations;
  }
}
