package io.crossfade.server.app;

import io.crossfade.api.mapping.TableConfig;
import io.crossfade.server.config.BoundPlugin;
import io.crossfade.server.config.CrossfadeConfig;
import io.crossfade.server.config.Endpoint;
import io.crossfade.server.config.LoadedConfig;
import java.util.Locale;
import java.util.stream.Collectors;

/** Says in a few lines what a configuration would do; never shows a plugin's settings. */
final class ConfigSummary {
  private ConfigSummary() {}

  static String of(LoadedConfig loaded) {
    CrossfadeConfig config = loaded.config();
    StringBuilder text = new StringBuilder();
    text.append("  listens on ").append(addresses(config));
    text.append(" and relays to MySQL at ").append(config.mysql().address()).append('\n');
    for (TableConfig table : config.tableConfigs()) {
      text.append("  watches ").append(table.name());
      text.append(" -> HBase table ").append(table.hbaseTable());
      text.append(" (").append(table.layout().name().toLowerCase(Locale.ROOT));
      text.append(", a list per ").append(String.join(", ", table.listKey()));
      for (TableConfig.Order order : table.orders()) {
        text.append(", order ").append(order.name()).append(": ").append(columns(order));
      }
      text.append(", ").append(table.regions()).append(" regions)\n");
    }
    text.append("  starts ").append(plugins(loaded)).append('\n');
    text.append("  keeps its state in ").append(config.dataDirectory()).append('\n');
    text.append("  answers operators at http://").append(config.admin().listen()).append('/');
    return text.toString();
  }

  private static String addresses(CrossfadeConfig config) {
    return config.listen().stream().map(Endpoint::toString).collect(Collectors.joining(", "));
  }

  private static String columns(TableConfig.Order order) {
    return order.by().stream()
        .map(column -> column.column() + (column.descending() ? " desc" : " asc"))
        .collect(Collectors.joining(", "));
  }

  private static String plugins(LoadedConfig loaded) {
    return loaded.plugins().isEmpty()
        ? "no plugin: it only relays"
        : "the plugins "
            + loaded.plugins().stream().map(BoundPlugin::name).collect(Collectors.joining(", "));
  }
}
