package io.crossfade.server.config;

import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.sql.TableName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The watched tables of a file that has problems, so that the plugins' own problems can be told
 * together with them. Keys that are wrong are left out.
 */
final class TolerantTables {
  private static final String SECTION = "tables";

  private TolerantTables() {}

  /**
   * The tables, empty when what is left of them is not enough to check anything against.
   *
   * @param directory what relative paths are relative to
   * @param problems what is wrong with the file; nothing is added
   */
  static Optional<List<TableConfig>> of(
      ConfigNode.Mapping root, Path directory, Problems problems) {
    ConfigNode.Entry section = root.entries().get(SECTION);
    if (section == null
        || problems.at(SECTION)
        || !(section.value() instanceof ConfigNode.Mapping tables)) {
      return Optional.empty();
    }
    List<TableConfig> found = new ArrayList<>();
    for (Map.Entry<String, ConfigNode.Entry> table : tables.entries().entrySet()) {
      String path = YamlReader.join(SECTION, table.getKey());
      if (problems.at(path) || !(table.getValue().value() instanceof ConfigNode.Mapping keys)) {
        return Optional.empty();
      }
      Optional<TableConfig> bound =
          bind(table.getKey(), sound(keys, path, problems), directory, section.line());
      if (bound.isEmpty()) {
        return Optional.empty();
      }
      found.add(bound.get());
    }
    return Optional.of(List.copyOf(found));
  }

  private static ConfigNode.Mapping sound(ConfigNode.Mapping keys, String path, Problems problems) {
    Map<String, ConfigNode.Entry> kept = new LinkedHashMap<>(keys.entries());
    kept.keySet().removeIf(key -> problems.under(YamlReader.join(path, key)));
    return new ConfigNode.Mapping(kept, keys.line());
  }

  private static Optional<TableConfig> bind(
      String name, ConfigNode.Mapping keys, Path directory, int line) {
    if (!keys.entries().containsKey("list-key")) {
      return Optional.empty(); // it may be there under a name that is wrong
    }
    Map<String, ConfigNode.Entry> one = Map.of(name, new ConfigNode.Entry(keys, line));
    Map<String, ConfigNode.Entry> section =
        Map.of(SECTION, new ConfigNode.Entry(new ConfigNode.Mapping(one, line), line));
    Tables bound =
        new SectionBinder(directory, new Problems(""))
            .bind(new ConfigNode.Mapping(section, line), Tables.class, "");
    return bound == null
        ? Optional.empty()
        : bound.tables().entrySet().stream()
            .map(e -> e.getValue().toTableConfig(e.getKey()))
            .findFirst();
  }

  /** The one section of the file that is bound here. */
  record Tables(Map<TableName, CrossfadeConfig.Table> tables) {}
}
