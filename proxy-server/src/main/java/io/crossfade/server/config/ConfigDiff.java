package io.crossfade.server.config;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Names the settings in which two configurations differ; never their values. */
final class ConfigDiff {
  private ConfigDiff() {}

  /**
   * The changed settings that a running proxy cannot follow: all but those inside plugins'
   * sections.
   */
  static List<String> needRestart(LoadedConfig before, LoadedConfig after) {
    List<String> changed = new ArrayList<>();
    for (RecordComponent component : CrossfadeConfig.class.getRecordComponents()) {
      if (!component.getName().equals("plugins")) {
        compare(component, before.config(), after.config(), "", changed);
      }
    }
    Set<String> names = new LinkedHashSet<>();
    Set<String> kept = new LinkedHashSet<>();
    before.plugins().forEach(p -> names.add(p.name()));
    after.plugins().forEach(p -> (names.remove(p.name()) ? kept : names).add(p.name()));
    names.removeAll(kept);
    names.forEach(name -> changed.add("plugins." + name + " (added or removed)"));
    return changed;
  }

  private static void compare(
      RecordComponent component, Object before, Object after, String path, List<String> changed) {
    String name = YamlReader.join(path, Kebab.of(component.getName()));
    Object a = get(component, before);
    Object b = get(component, after);
    if (Objects.equals(a, b)) {
      return;
    }
    if (a instanceof Map<?, ?> m && b instanceof Map<?, ?> n) {
      Set<Object> keys = new LinkedHashSet<>(m.keySet());
      keys.addAll(n.keySet());
      keys.removeIf(key -> Objects.equals(m.get(key), n.get(key)));
      keys.forEach(key -> changed.add(name + "." + key));
    } else if (a instanceof Record
        && b instanceof Record
        && !(a instanceof HostPort || a instanceof Endpoint || a instanceof ByteSize)) {
      for (RecordComponent inner : a.getClass().getRecordComponents()) {
        compare(inner, a, b, name, changed);
      }
    } else {
      changed.add(name);
    }
  }

  private static @Nullable Object get(RecordComponent component, Object of) {
    try {
      return component.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
