package io.crossfade.dualwrite.witness;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.sql.TableName;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The keys that the binlog has shown of one session since a moment: all of them, or why that is not
 * certain. Not thread-safe.
 */
final class SeenKeys {
  /** More rows than that are compared faster than re-read one by one. */
  static final int MAX_KEYS = 10_000;

  private final Map<TableName, Set<Key>> keys = new HashMap<>();
  private final Map<TableName, String> unknown = new HashMap<>();
  private String allUnknown = "";
  private int size;

  /** The binlog shows that; returns by how much this has grown. */
  int add(Change change) {
    TableName table = change.table();
    Key key = change.key();
    if (!allUnknown.isEmpty() || unknown.containsKey(table)) {
      return 0;
    }
    if (key == null) {
      return unknown(table, "no-keys");
    }
    Set<Key> known = keys.computeIfAbsent(table, t -> new HashSet<>());
    if (known.size() == MAX_KEYS && !known.contains(key)) {
      return unknown(table, "many");
    }
    int more = known.add(key) ? 1 : 0;
    size += more;
    return more;
  }

  private int unknown(TableName table, String why) {
    unknown.putIfAbsent(table, why);
    Set<Key> known = keys.remove(table);
    int fewer = known == null ? 0 : known.size();
    size -= fewer;
    return -fewer;
  }

  /** Of no table are the keys certain any more; returns by how much this has grown. */
  int unknown(String why) {
    int before = size;
    if (allUnknown.isEmpty()) {
      allUnknown = why;
    }
    keys.clear();
    size = 0;
    return -before;
  }

  /** The keys by table, those of {@code followed} tables that are known for certain. */
  Map<TableName, List<Key>> certain(Collection<TableName> followed) {
    Map<TableName, List<Key>> certain = new HashMap<>();
    if (allUnknown.isEmpty()) {
      for (TableName table : followed) {
        if (!unknown.containsKey(table)) {
          certain.put(table, List.copyOf(keys.getOrDefault(table, Set.of())));
        }
      }
    }
    return certain;
  }

  /** Why those of other tables are not; a short stable token. */
  String why() {
    if (!allUnknown.isEmpty()) {
      return allUnknown;
    }
    return unknown.values().stream().findFirst().orElse("not-followed");
  }

  int size() {
    return size;
  }
}
