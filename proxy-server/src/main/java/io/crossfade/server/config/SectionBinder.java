package io.crossfade.server.config;

import io.crossfade.server.config.ScalarTypes.ScalarType;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Binds a piece of the file to a record, strictly: an unknown key, a value of another type, a
 * record that refuses its values are problems, and all of them are collected. A key that is missing
 * is given to the record's constructor as {@code null} (0, false), which fills in the default. A
 * key {@code x-file} stands for the text component {@code x}, read from that file. Not thread-safe.
 */
public final class SectionBinder {
  private static final String FILE_SUFFIX = "-file";

  private final Path directory;
  private final Problems problems;
  private final ScalarTypes scalars;
  private final Set<Path> filesRead = new LinkedHashSet<>();

  /**
   * Makes a binder for one file.
   *
   * @param directory what relative paths are relative to
   * @param problems where to tell what is wrong
   */
  public SectionBinder(Path directory, Problems problems) {
    this.directory = directory;
    this.problems = problems;
    this.scalars = new ScalarTypes(directory);
  }

  /** The files that {@code x-file} keys named. */
  public Set<Path> filesRead() {
    return Collections.unmodifiableSet(filesRead);
  }

  /**
   * Binds {@code node} to the record {@code type}.
   *
   * @return null when something is wrong with it; the problems say what
   */
  public <T> @Nullable T bind(ConfigNode node, Class<T> type, String path) {
    int before = problems.count();
    Object value = value(node, type, path);
    return problems.count() > before ? null : type.cast(value);
  }

  private @Nullable Object value(ConfigNode node, Type type, String path) {
    if (type instanceof ParameterizedType generic) {
      return parameterized(node, generic, path);
    }
    Class<?> target = boxed((Class<?>) type);
    if (target.isInstance(node)) {
      return node;
    }
    Optional<ScalarType> scalar = scalars.find(target);
    if (scalar.isPresent()) {
      return scalar(node, scalar.get(), path);
    }
    if (!target.isRecord()) {
      throw new IllegalStateException("no configuration can be bound to " + target + " at " + path);
    }
    if (node instanceof ConfigNode.Nothing) {
      return record(new ConfigNode.Mapping(Map.of(), node.line()), target, path);
    }
    return node instanceof ConfigNode.Mapping mapping
        ? record(mapping, target, path)
        : mismatch(node, "a mapping", path);
  }

  private @Nullable Object parameterized(ConfigNode node, ParameterizedType type, String path) {
    Class<?> raw = (Class<?>) type.getRawType();
    Type[] arguments = type.getActualTypeArguments();
    if (raw == Optional.class) {
      return Optional.ofNullable(
          node instanceof ConfigNode.Nothing ? null : value(node, arguments[0], path));
    }
    if (node instanceof ConfigNode.Nothing) {
      return null;
    }
    if (raw == Map.class) {
      return node instanceof ConfigNode.Mapping mapping
          ? map(mapping, (Class<?>) arguments[0], arguments[1], path)
          : mismatch(node, "a mapping", path);
    }
    List<@Nullable Object> items = items(node, arguments[0], path);
    return raw == Set.class
        ? Collections.unmodifiableSet(new LinkedHashSet<>(items))
        : Collections.unmodifiableList(items);
  }

  private List<@Nullable Object> items(ConfigNode node, Type type, String path) {
    List<@Nullable Object> items = new ArrayList<>();
    if (node instanceof ConfigNode.Sequence sequence) {
      for (ConfigNode item : sequence.items()) {
        String itemPath = path + "[" + items.size() + "]";
        if (item instanceof ConfigNode.Nothing) {
          problems.add(item.line(), itemPath, "is empty");
        }
        items.add(value(item, type, itemPath));
      }
    } else {
      mismatch(node, "a list", path);
    }
    return items;
  }

  private Map<Object, @Nullable Object> map(
      ConfigNode.Mapping node, Class<?> keyType, Type type, String path) {
    Map<Object, @Nullable Object> map = new LinkedHashMap<>();
    ScalarType keys = scalars.find(keyType).orElseThrow();
    node.entries()
        .forEach(
            (name, entry) -> {
              String keyPath = YamlReader.join(path, name);
              Object key = parse(new ConfigNode.Scalar(name, false, entry.line()), keys, keyPath);
              Object value = value(entry.value(), type, keyPath);
              if (key != null) {
                map.put(key, value);
              }
            });
    return Collections.unmodifiableMap(map);
  }

  private @Nullable Object scalar(ConfigNode node, ScalarType type, String path) {
    if (node instanceof ConfigNode.Scalar scalar) {
      return parse(scalar, type, path);
    }
    return node instanceof ConfigNode.Nothing ? null : mismatch(node, type.expected(), path);
  }

  private @Nullable Object parse(ConfigNode.Scalar scalar, ScalarType type, String path) {
    try {
      return type.parser().apply(scalar.text());
    } catch (RuntimeException e) {
      String shown = scalar.secret() ? "the value" : "'" + scalar.text() + "'";
      problems.add(scalar.line(), path, shown + " is not " + type.expected());
      return null;
    }
  }

  private @Nullable Object mismatch(ConfigNode node, String expected, String path) {
    problems.add(node.line(), path, "must be " + expected + ", but is " + node.kind());
    return null;
  }

  private @Nullable Object record(ConfigNode.Mapping node, Class<?> type, String path) {
    Map<String, ConfigNode> values = new LinkedHashMap<>();
    Map<String, RecordComponent> components = new LinkedHashMap<>();
    for (RecordComponent component : type.getRecordComponents()) {
      components.put(Kebab.of(component.getName()), component);
    }
    int before = problems.count();
    node.entries().forEach((key, entry) -> take(key, entry, components, values, path));
    List<@Nullable Object> arguments = new ArrayList<>();
    components.forEach(
        (key, component) -> {
          ConfigNode value = values.getOrDefault(key, new ConfigNode.Nothing(node.line()));
          boolean given = values.containsKey(key) && !(value instanceof ConfigNode.Nothing);
          if (component.isAnnotationPresent(OneOrMany.class)
              && value instanceof ConfigNode.Scalar) {
            value = new ConfigNode.Sequence(List.of(value), value.line());
          }
          arguments.add(
              given || component.getType() == Optional.class
                  ? orZero(
                      value(value, component.getGenericType(), YamlReader.join(path, key)),
                      component.getType())
                  : orZero(null, component.getType()));
        });
    return problems.count() > before ? null : instantiate(type, arguments, node.line(), path);
  }

  /** Puts one entry of a mapping under the component it belongs to. */
  private void take(
      String key,
      ConfigNode.Entry entry,
      Map<String, RecordComponent> components,
      Map<String, ConfigNode> values,
      String path) {
    String keyPath = YamlReader.join(path, key);
    String base = key.endsWith(FILE_SUFFIX) ? key.substring(0, key.length() - 5) : key;
    RecordComponent text = components.get(base);
    if (components.containsKey(key)) {
      if (values.putIfAbsent(key, entry.value()) != null) {
        problems.add(entry.line(), keyPath, "give either " + key + " or " + key + FILE_SUFFIX);
      }
    } else if (text != null && text.getType() == String.class) {
      ConfigNode content = fileContent(entry, keyPath);
      if (values.putIfAbsent(base, content) != null) {
        problems.add(entry.line(), keyPath, "give either " + base + " or " + key);
      }
    } else {
      problems.add(
          entry.line(),
          keyPath,
          "unknown key; " + Suggestions.forUnknown(key, components.keySet()));
    }
  }

  private ConfigNode fileContent(ConfigNode.Entry entry, String path) {
    if (!(entry.value() instanceof ConfigNode.Scalar name)) {
      mismatch(entry.value(), "the path of a file", path);
      return new ConfigNode.Nothing(entry.line());
    }
    Path file = directory.resolve(name.text()).normalize();
    filesRead.add(file);
    try {
      return new ConfigNode.Scalar(Files.readString(file).stripTrailing(), true, entry.line());
    } catch (IOException e) {
      problems.add(entry.line(), path, "cannot read the file " + file);
      return new ConfigNode.Nothing(entry.line());
    }
  }

  private @Nullable Object instantiate(
      Class<?> type, List<@Nullable Object> arguments, int line, String path) {
    try {
      Class<?>[] types =
          Arrays.stream(type.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(arguments.toArray());
    } catch (InvocationTargetException e) {
      String message = e.getCause() == null ? null : e.getCause().getMessage();
      problems.add(line, path, message == null ? "is refused by " + type.getSimpleName() : message);
      return null;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no configuration can be bound to " + type, e);
    }
  }

  private static @Nullable Object orZero(@Nullable Object value, Class<?> type) {
    if (value != null || !type.isPrimitive()) {
      return value;
    }
    return java.lang.reflect.Array.get(java.lang.reflect.Array.newInstance(type, 1), 0);
  }

  private static Class<?> boxed(Class<?> type) {
    return java.lang.invoke.MethodType.methodType(type).wrap().returnType();
  }
}
