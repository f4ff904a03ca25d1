package io.crossfade.dualwrite.model;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One wide row: items with versions, order entries, a counter; and the greatest version used. */
final class HBaseModel {
  /** An item or, with a null value, its soft deletion. */
  record Item(long version, @Nullable Integer value, int wall) {}

  private final World world;
  final @Nullable Item[] items;
  final Set<String> order = new TreeSet<>();
  int counter;
  long greatestVersion;
  private final long[] markers;

  HBaseModel(World world, int keys) {
    this.world = world;
    this.items = new @Nullable Item[keys];
    this.markers = new long[keys];
  }

  @Nullable Integer live(int key) {
    Item item = items[key];
    return item == null ? null : item.value();
  }

  void apply(int key, long version, @Nullable Integer value) {
    Item old = items[key];
    boolean older = old != null && old.version() >= version;
    if (older && world.holds(Rule.GUARDED_WRITE)) {
      return;
    }
    Integer oldValue = live(key);
    boolean hidden = version <= markers[key];
    if (!older && !hidden) {
      put(key, version, value);
    }
    if (world.holds(Rule.WHOLE_ROW_REPLACE)) {
      derived(key, older ? null : oldValue, value, oldValue);
    } else {
      world.network.add(Message.derived(key, oldValue, value, world));
    }
  }

  private void put(int key, long version, @Nullable Integer value) {
    if (value != null || world.holds(Rule.SOFT_DELETE)) {
      items[key] = new Item(version, value, world.wall);
    } else {
      items[key] = null;
      markers[key] = version;
    }
  }

  /** Order entries and the counter; a guard has been passed already. */
  void derived(
      int key, @Nullable Integer gone, @Nullable Integer added, @Nullable Integer counted) {
    if (gone != null) {
      order.remove(key + "@" + gone);
    }
    if (added != null) {
      order.add(key + "@" + added);
    }
    counter += (added == null ? 0 : 1) - (counted == null ? 0 : 1);
  }

  /** Turns old soft deletions into real ones; a compaction purges delete markers. */
  void sweep() {
    int retention = world.holds(Rule.RETENTION_LONGER_THAN_WRITE_LIFETIME) ? World.RETENTION : 0;
    for (int k = 0; k < items.length; k++) {
      Item item = items[k];
      if (item != null && item.value() == null && world.wall - item.wall() > retention) {
        items[k] = null;
      }
      markers[k] = 0;
    }
  }
}
