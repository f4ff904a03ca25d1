package io.crossfade.server.app;

import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.plugin.PluginContext.AdminCommand;
import io.crossfade.api.plugin.PluginException;
import io.crossfade.api.sql.TableName;
import io.crossfade.server.admin.AdminAnswer;
import io.crossfade.server.admin.AdminBackend;
import io.crossfade.server.config.ConfigReloader;
import io.crossfade.server.config.ReloadResult;
import io.crossfade.server.config.Suggestions;
import io.crossfade.server.metrics.ProxyMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the admin port shows and does, gathered from the parts of the running proxy. Thread-safe.
 */
final class ApplicationBackend implements AdminBackend {
  private static final Logger LOGGER = LoggerFactory.getLogger(ApplicationBackend.class);

  private final ProxyMetrics metrics;
  private final ConfigReloader reloader;
  private final PluginHost plugins;
  private final IntSupplier connections;
  private final Supplier<Lifecycle> state;
  private final Instant since = Instant.now();

  ApplicationBackend(
      ProxyMetrics metrics,
      ConfigReloader reloader,
      PluginHost plugins,
      IntSupplier connections,
      Supplier<Lifecycle> state) {
    this.metrics = metrics;
    this.reloader = reloader;
    this.plugins = plugins;
    this.connections = connections;
    this.state = state;
  }

  @Override
  public String metrics() {
    return metrics.scrape();
  }

  @Override
  public Map<String, Object> status() {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("version", Version.current());
    status.put("state", state.get().name().toLowerCase(Locale.ROOT));
    status.put("uptimeSeconds", Duration.between(since, Instant.now()).toSeconds());
    status.put("connections", connections.getAsInt());
    status.put("revision", reloader.status());
    status.put("notReady", notReady());
    Map<String, Object> tables = new LinkedHashMap<>();
    for (TableConfig table : tables()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("hbaseTable", table.hbaseTable());
      entry.put("layout", table.layout().name().toLowerCase(Locale.ROOT));
      entry.putAll(plugins.status(table.name()));
      tables.put(table.name().toString(), entry);
    }
    status.put("tables", tables);
    return status;
  }

  @Override
  public Map<String, String> notReady() {
    Map<String, String> reasons = new TreeMap<>(plugins.notReady());
    if (state.get() != Lifecycle.STARTED) {
      reasons.put("proxy", "is " + state.get().name().toLowerCase(Locale.ROOT));
    }
    return reasons;
  }

  @Override
  public AdminAnswer reload() {
    ReloadResult result = reloader.reload("http");
    int status =
        switch (result.outcome()) {
          case APPLIED, UNCHANGED -> 200;
          case REFUSED -> 422;
          case BUSY -> 409;
        };
    return new AdminAnswer(
        status,
        Map.of(
            "outcome", result.outcome().name().toLowerCase(Locale.ROOT),
            "revision", result.revision(),
            "messages", result.messages()));
  }

  @Override
  public AdminAnswer command(String table, String command, Map<String, String> arguments) {
    List<String> names = tables().stream().map(t -> t.name().toString()).toList();
    if (!names.contains(table)) {
      return AdminAnswer.error(404, "no such table; " + Suggestions.forUnknown(table, names));
    }
    Optional<AdminCommand> known = plugins.command(command);
    if (known.isEmpty()) {
      return AdminAnswer.error(
          404, "no such command; " + Suggestions.forUnknown(command, plugins.commands()));
    }
    LOGGER.atInfo().addKeyValue("table", table).addKeyValue("command", command).log("command");
    try {
      return AdminAnswer.ok(known.get().run(TableName.parse(table), arguments));
    } catch (PluginException e) {
      return AdminAnswer.error(409, String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      return AdminAnswer.error(400, String.valueOf(e.getMessage()));
    }
  }

  private List<TableConfig> tables() {
    return reloader.inForce().config().tableConfigs();
  }
}
