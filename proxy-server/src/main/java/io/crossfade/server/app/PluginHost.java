package io.crossfade.server.app;

import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.plugin.InterceptorFactory;
import io.crossfade.api.plugin.PluginContext;
import io.crossfade.api.plugin.PluginContext.AdminCommand;
import io.crossfade.api.plugin.PluginException;
import io.crossfade.api.sql.TableName;
import io.crossfade.server.config.BoundPlugin;
import io.crossfade.server.session.WatchedNames;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts and stops plugins and keeps what they offer: statuses, commands, readiness conditions,
 * services. Everything but {@code start} and {@code close} is thread-safe.
 */
final class PluginHost implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(PluginHost.class);

  /**
   * What all plugins are told alike.
   *
   * @param tables the watched tables
   * @param mysql MySQL's address
   * @param meters where meters go
   * @param watched where names by which tables are reached go
   */
  record Surroundings(
      List<TableConfig> tables,
      InetSocketAddress mysql,
      MeterRegistry meters,
      WatchedNames watched) {}

  private final Surroundings surroundings;
  private final DataDirectory data;
  private final List<BoundPlugin<?>> started = new CopyOnWriteArrayList<>();
  private final Map<String, Function<TableName, Map<String, Object>>> statuses =
      new ConcurrentSkipListMap<>();
  private final Map<String, AdminCommand> commands = new ConcurrentSkipListMap<>();
  private final Map<String, Supplier<Optional<String>>> conditions = new ConcurrentSkipListMap<>();
  private final Map<Class<?>, Object> services = new ConcurrentHashMap<>();

  PluginHost(Surroundings surroundings, DataDirectory data) {
    this.surroundings = surroundings;
    this.data = data;
  }

  /**
   * Starts one more plugin.
   *
   * @throws StartException when it cannot start; those started before still run
   */
  void start(BoundPlugin<?> plugin) throws StartException {
    Context context = new Context(plugin.name(), data.of(plugin.name()));
    try {
      plugin.start(context);
    } catch (PluginException e) {
      throw new StartException("plugin " + plugin.name() + ": " + e.getMessage(), e);
    } catch (RuntimeException | LinkageError e) {
      throw new StartException("plugin " + plugin.name() + " failed to start: " + e, e);
    }
    started.add(plugin);
    LOGGER.atInfo().addKeyValue("plugin", plugin.name()).log("plugin started");
  }

  /** The running plugins in the order they were started. */
  List<InterceptorFactory<?>> factories() {
    return started.stream().<InterceptorFactory<?>>map(BoundPlugin::factory).toList();
  }

  /** What every plugin says of {@code table}, by section. */
  Map<String, Object> status(TableName table) {
    Map<String, Object> sections = new LinkedHashMap<>();
    statuses.forEach(
        (section, status) -> {
          try {
            sections.put(section, status.apply(table));
          } catch (RuntimeException e) {
            LOGGER.atWarn().addKeyValue("section", section).setCause(e).log("no status");
            sections.put(section, Map.of("error", "not available; the proxy's log says why"));
          }
        });
    return sections;
  }

  /** The commands there are. */
  Set<String> commands() {
    return commands.keySet();
  }

  /** A command by its name. */
  Optional<AdminCommand> command(String name) {
    return Optional.ofNullable(commands.get(name));
  }

  /** The conditions that do not hold, with why. */
  Map<String, String> notReady() {
    Map<String, String> reasons = new TreeMap<>();
    conditions.forEach(
        (name, condition) -> {
          try {
            condition.get().ifPresent(reason -> reasons.put(name, reason));
          } catch (RuntimeException e) {
            reasons.put(name, "cannot be determined: " + e);
          }
        });
    return reasons;
  }

  /** Stops all plugins, the last one first; one that fails does not keep the others from it. */
  @Override
  public void close() {
    statuses.clear();
    commands.clear();
    conditions.clear();
    for (int i = started.size() - 1; i >= 0; i--) {
      String name = started.get(i).name();
      try {
        started.get(i).factory().close();
        LOGGER.atInfo().addKeyValue("plugin", name).log("plugin stopped");
      } catch (RuntimeException e) {
        LOGGER.atError().addKeyValue("plugin", name).setCause(e).log("plugin failed to stop");
      }
    }
    started.clear();
    services.clear();
  }

  private final class Context implements PluginContext {
    private final String plugin;
    private final Path directory;

    Context(String plugin, Path directory) {
      this.plugin = plugin;
      this.directory = directory;
    }

    @Override
    public List<TableConfig> tables() {
      return surroundings.tables();
    }

    @Override
    public Path dataDirectory() {
      return directory;
    }

    @Override
    public MeterRegistry meters() {
      return surroundings.meters();
    }

    @Override
    public InetSocketAddress mysql() {
      return surroundings.mysql();
    }

    @Override
    public void reachedThrough(Map<String, Set<TableName>> names) {
      surroundings.watched().reachedThrough(plugin, names.keySet());
    }

    @Override
    public <T> void publish(Class<T> type, T service) {
      services.put(type, service);
    }

    @Override
    public <T> Optional<T> find(Class<T> type) {
      return Optional.ofNullable(type.cast(services.get(type)));
    }

    @Override
    public void status(String section, Function<TableName, Map<String, Object>> status) {
      putOnce(statuses, section, status);
    }

    @Override
    public void command(String name, AdminCommand command) {
      putOnce(commands, name, command);
    }

    @Override
    public void readiness(String name, Supplier<Optional<String>> condition) {
      putOnce(conditions, name, condition);
    }

    private <K, V> void putOnce(Map<K, V> map, K key, V value) {
      if (map.putIfAbsent(key, value) != null) {
        throw new IllegalStateException(plugin + " offers " + key + ", but it is taken");
      }
    }
  }
}
