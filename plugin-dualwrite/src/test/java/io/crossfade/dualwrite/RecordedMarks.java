package io.crossfade.dualwrite;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.dirty.DirtyStore;
import io.crossfade.dualwrite.dirty.Holder;
import io.crossfade.dualwrite.dirty.Xid;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A dirty store that remembers which marks of sessions stood at any time since {@link #step}: those
 * that were made before and not released, and those made since. Thread-safe.
 */
final class RecordedMarks {
  private record Marked(TableName table, List<Key> keys, List<KeyRange> ranges) {
    boolean covers(TableName other, Key key) {
      return table.equals(other)
          && (keys.contains(key) || ranges.stream().anyMatch(r -> r.contains(key)));
    }
  }

  /** By holder, or by the transaction that was prepared. */
  private final Map<Object, List<Marked>> held = new HashMap<>();

  private final List<Marked> sinceStep = new ArrayList<>();

  /** {@code store}, recorded. */
  DirtyStore record(DirtyStore store) {
    return (DirtyStore)
        Proxy.newProxyInstance(
            DirtyStore.class.getClassLoader(),
            new Class<?>[] {DirtyStore.class},
            (proxy, method, arguments) -> call(store, method, arguments));
  }

  private @Nullable Object call(DirtyStore store, Method method, Object @Nullable [] arguments)
      throws Throwable {
    note(method.getName(), arguments);
    try {
      return method.invoke(store, arguments);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      throw cause == null ? e : cause;
    }
  }

  @SuppressWarnings("unchecked")
  private synchronized void note(String method, Object @Nullable [] arguments) {
    if (arguments == null || arguments.length == 0) {
      return;
    }
    if (method.equals("mark") && arguments[0] instanceof Holder holder) {
      Marked marked =
          new Marked(
              (TableName) arguments[1], (List<Key>) arguments[2], (List<KeyRange>) arguments[3]);
      held.computeIfAbsent(holder, h -> new ArrayList<>()).add(marked);
      sinceStep.add(marked);
    } else if (method.equals("release")) {
      held.remove(arguments[0]);
    } else if (method.equals("preparing")) {
      held.computeIfAbsent(arguments[1], x -> new ArrayList<>())
          .addAll(held.getOrDefault(arguments[0], List.of()));
    } else if (method.equals("ended") && arguments[0] instanceof Xid xid) {
      held.remove(xid);
    } else if (method.equals("lost")) {
      held.put(UUID.randomUUID(), held.getOrDefault(arguments[0], List.of()));
      held.remove(arguments[0]);
    }
  }

  /** A statement is about to be sent. */
  synchronized void step() {
    sinceStep.clear();
    held.values().forEach(sinceStep::addAll);
  }

  /** The scenario is over: what is still held is of no interest. */
  synchronized void forget() {
    held.clear();
    sinceStep.clear();
  }

  /** Whether a mark that stood since {@link #step} covers the key. */
  synchronized boolean covers(TableName table, Key key) {
    return sinceStep.stream().anyMatch(m -> m.covers(table, key));
  }
}
