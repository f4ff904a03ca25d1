package io.crossfade.dualwrite;

import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.plugin.PluginContext;
import io.crossfade.api.plugin.PluginException;
import io.crossfade.api.sql.TableName;
import io.crossfade.server.session.WatchedNames;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A proxy as the plugin sees it. */
final class FakeContext implements PluginContext {
  private final List<TableConfig> tables;
  private final Path directory;
  private final InetSocketAddress mysql;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Map<Class<?>, Object> services = new ConcurrentHashMap<>();
  private final Map<String, AdminCommand> commands = new HashMap<>();
  private final Map<String, Function<TableName, Map<String, Object>>> sections = new HashMap<>();
  private final Map<String, Supplier<Optional<String>>> conditions = new HashMap<>();
  volatile Map<String, Set<TableName>> reached = Map.of();
  private volatile @Nullable WatchedNames relay;

  FakeContext(List<TableConfig> tables, Path directory, InetSocketAddress mysql) {
    this.tables = tables;
    this.directory = directory;
    this.mysql = mysql;
  }

  Map<String, Object> run(String command, TableName table, Map<String, String> arguments)
      throws PluginException {
    return Objects.requireNonNull(commands.get(command)).run(table, arguments);
  }

  Map<String, Object> status(TableName table) {
    return status("mirror", table);
  }

  Map<String, Object> status(String section, TableName table) {
    return Objects.requireNonNull(sections.get(section)).apply(table);
  }

  Optional<String> notReady() {
    return Objects.requireNonNull(conditions.get("mirror")).get();
  }

  /** What is reached is told to a relay. */
  void relay(WatchedNames names) {
    relay = names;
  }

  @Override
  public List<TableConfig> tables() {
    return tables;
  }

  @Override
  public Path dataDirectory() {
    return directory;
  }

  @Override
  public MeterRegistry meters() {
    return meters;
  }

  @Override
  public InetSocketAddress mysql() {
    return mysql;
  }

  @Override
  public void reachedThrough(Map<String, Set<TableName>> names) {
    reached = names;
    WatchedNames watched = relay;
    if (watched != null) {
      watched.reachedThrough("dualwrite", names.keySet());
    }
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
    sections.put(section, status);
  }

  @Override
  public void command(String name, AdminCommand command) {
    commands.put(name, command);
  }

  @Override
  public void readiness(String name, Supplier<Optional<String>> condition) {
    conditions.put(name, condition);
  }
}
