package io.crossfade.server.config;

import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.plugin.ConfigProblem;
import io.crossfade.api.plugin.InterceptorFactory;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads and checks configuration files. Has no side effects; thread-safe. */
public final class ConfigLoader {
  private final Map<String, InterceptorFactory<?>> factories = new TreeMap<>();
  private final Function<String, @Nullable String> environment;

  /**
   * Makes a loader.
   *
   * @param factories the plugins there are; sections are bound for these only
   * @param environment the variables that <code>${NAME}</code> stands for
   */
  public ConfigLoader(
      Collection<? extends InterceptorFactory<?>> factories,
      Function<String, @Nullable String> environment) {
    for (InterceptorFactory<?> factory : factories) {
      if (this.factories.put(factory.name(), factory) != null) {
        throw new IllegalArgumentException("two plugins are called " + factory.name());
      }
    }
    this.environment = environment;
  }

  /**
   * Reads {@code file}.
   *
   * @throws ConfigException with all that is wrong
   */
  public LoadedConfig load(Path file) throws ConfigException {
    Problems problems = new Problems(file.toString());
    ConfigNode root = read(file, problems);
    if (!(root instanceof ConfigNode.Mapping top)) {
      if (problems.count() == 0) {
        problems.add(root.line(), "", "must be a mapping, but is " + root.kind());
      }
      throw new ConfigException(problems.all());
    }
    Path directory =
        Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file.toAbsolutePath());
    SectionBinder binder = new SectionBinder(directory, problems);
    CrossfadeConfig config = binder.bind(root, CrossfadeConfig.class, "");
    if (config != null) {
      new ConfigChecks((path, text) -> problems.add(LineFinder.line(root, path), path, text))
          .check(config);
    }
    List<BoundPlugin<?>> plugins = bindPlugins(root, binder, problems);
    Optional<List<TableConfig>> tables =
        config != null && !problems.under("tables")
            ? Optional.of(config.tableConfigs())
            : TolerantTables.of(top, directory, problems);
    tables.ifPresent(known -> checkPlugins(plugins, known, root, problems));
    if (config == null || problems.count() > 0) {
      throw new ConfigException(problems.all());
    }
    Set<Path> files = new LinkedHashSet<>(Set.of(file));
    files.addAll(binder.filesRead());
    files.addAll(config.files());
    return new LoadedConfig(config, plugins, Set.copyOf(files));
  }

  private ConfigNode read(Path file, Problems problems) {
    try {
      return new YamlReader(problems, environment).read(Files.readString(file));
    } catch (CharacterCodingException e) {
      problems.add(0, "", "is not UTF-8 text");
    } catch (IOException e) {
      problems.add(0, "", Files.exists(file) ? "cannot be read" : "there is no such file");
    }
    return new ConfigNode.Nothing(0);
  }

  /**
   * Looks at the plugins' sections even when the rest of the file is wrong: all problems at once.
   */
  private List<BoundPlugin<?>> bindPlugins(
      ConfigNode root, SectionBinder binder, Problems problems) {
    List<BoundPlugin<?>> bound = new ArrayList<>();
    if (root instanceof ConfigNode.Mapping top
        && top.entries().containsKey("plugins")
        && top.entries().get("plugins").value() instanceof ConfigNode.Mapping sections) {
      sections
          .entries()
          .forEach(
              (name, section) -> {
                InterceptorFactory<?> factory = factories.get(name);
                if (factory == null) {
                  problems.add(
                      section.line(),
                      "plugins." + name,
                      "unknown plugin; " + Suggestions.forUnknown(name, factories.keySet()));
                } else {
                  BoundPlugin.bind(factory, section.value(), binder).ifPresent(bound::add);
                }
              });
    }
    bound.sort(Comparator.comparingInt(plugin -> plugin.factory().order()));
    return List.copyOf(bound);
  }

  private static void checkPlugins(
      List<BoundPlugin<?>> plugins, List<TableConfig> tables, ConfigNode root, Problems problems) {
    for (BoundPlugin<?> plugin : plugins) {
      for (ConfigProblem found : plugin.check(tables)) {
        String section = "plugins." + plugin.name();
        String path = found.path().isEmpty() ? section : section + "." + found.path();
        problems.add(LineFinder.line(root, path), path, found.message());
      }
    }
  }
}
