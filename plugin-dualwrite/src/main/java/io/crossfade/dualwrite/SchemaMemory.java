package io.crossfade.dualwrite;

import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.plugin.PluginException;
import io.crossfade.dualwrite.dirty.DirtyStore;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Remembers under which definition of its table an HBase table is kept, so that a change made while
 * no proxy ran, or held until a restart, is not overlooked. Thread-safe; blocks.
 */
final class SchemaMemory {
  private final DirtyStore store;

  SchemaMemory(DirtyStore store) {
    this.store = store;
  }

  /**
   * Compares what is remembered with {@code mapping}, and has the whole table written anew when
   * columns have changed.
   *
   * @return whether they have
   * @throws PluginException when items now stand in other places of HBase
   */
  boolean starts(TableMapping mapping) throws PluginException {
    Optional<String> places = get(mapping, "places");
    Optional<String> columns = get(mapping, "columns");
    if (places.isPresent() && !places.get().equals(SchemaChange.places(mapping))) {
      throw new PluginException(
          mapping.table()
              + ": the layout, the primary key, an order, or the type of a column of these has changed"
              + " since HBase table "
              + mapping.config().hbaseTable()
              + " was filled: name another hbase-table and begin again with the backfill");
    }
    boolean changed = columns.isPresent() && !columns.get().equals(columns(mapping));
    if (changed) {
      markAll(mapping);
    }
    remember(mapping);
    return changed;
  }

  /** Makes the whole table dirty; durable when this returns. */
  void markAll(TableMapping mapping) {
    store
        .mark(mapping.table(), List.of(), List.of(KeyRange.ALL), "schema")
        .toCompletableFuture()
        .join();
  }

  /** Items are written under {@code mapping} from now on. */
  void remember(TableMapping mapping) {
    put(mapping, "places", SchemaChange.places(mapping));
    put(mapping, "columns", columns(mapping));
  }

  private static String columns(TableMapping mapping) {
    return String.valueOf(mapping.schema().columns());
  }

  private static String name(TableMapping mapping, String part) {
    return "schema/" + mapping.table() + "/" + mapping.config().hbaseTable() + "/" + part;
  }

  private Optional<String> get(TableMapping mapping, String part) {
    return store.get(name(mapping, part)).map(b -> new String(b, StandardCharsets.UTF_8));
  }

  private void put(TableMapping mapping, String part, String text) {
    if (get(mapping, part).filter(text::equals).isEmpty()) {
      store.put(name(mapping, part), text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
