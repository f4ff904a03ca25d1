package io.crossfade.server.session;

import io.crossfade.api.sql.TableName;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The names that make a statement a hit: watched tables' own names and the names they are reached
 * through (views, routines, …). Thread-safe; event loops read an immutable array, replaced as a
 * whole.
 */
public final class WatchedNames {
  private final Set<String> own = new HashSet<>();
  private final Map<Object, Set<String>> reached = new ConcurrentHashMap<>();
  private volatile byte[][] names = new byte[0][];

  /** Starts with the unqualified names of {@code tables}. */
  public WatchedNames(Collection<TableName> tables) {
    for (TableName t : tables) {
      own.add(t.table().toLowerCase(Locale.ROOT));
    }
    publish();
  }

  /** Replaces the names that {@code owner} added. */
  public synchronized void reachedThrough(Object owner, Collection<String> more) {
    Set<String> lower = new HashSet<>();
    more.forEach(n -> lower.add(n.toLowerCase(Locale.ROOT)));
    reached.put(owner, lower);
    publish();
  }

  private void publish() {
    Set<String> all = new HashSet<>(own);
    reached.values().forEach(all::addAll);
    names = all.stream().map(n -> n.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
  }

  /** Lower-case names to search for; do not change the array. */
  public byte[][] names() {
    return names;
  }
}
