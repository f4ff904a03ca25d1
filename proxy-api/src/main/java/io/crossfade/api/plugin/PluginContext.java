package io.crossfade.api.plugin;

import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.sql.TableName;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What the proxy gives a plugin when it starts. Thread-safe. */
public interface PluginContext {
  /** The watched tables of the configuration. */
  List<TableConfig> tables();

  /** Where the plugin may keep files; exists, writable, its own. */
  Path dataDirectory();

  /** Where its meters go. */
  MeterRegistry meters();

  /** MySQL's address as the proxy knows it. */
  java.net.InetSocketAddress mysql();

  /**
   * Names, besides the watched tables' own, by which a statement may reach a watched table (views,
   * triggers' tables, cascading parents, routines). Replaces what this plugin said before.
   */
  void reachedThrough(Map<String, java.util.Set<TableName>> names);

  /** Publishes a service for the plugins started later; replaces one published before. */
  <T> void publish(Class<T> type, T service);

  /** A service that a plugin started earlier published. */
  <T> Optional<T> find(Class<T> type);

  /**
   * Adds {@code status} under {@code section} to each table's entry of the admin port's status.
   * Called on an admin thread; values are maps, lists, strings, numbers, booleans.
   */
  void status(String section, java.util.function.Function<TableName, Map<String, Object>> status);

  /** Adds the admin command {@code POST /tables/{table}/{name}}. It may block. */
  void command(String name, AdminCommand command);

  /** Adds a readiness condition: empty when ready, else why not. Must not block. */
  void readiness(String name, Supplier<Optional<String>> condition);

  /** A command an operator gives for one table. */
  @FunctionalInterface
  interface AdminCommand {
    /**
     * Carries the command out.
     *
     * @param arguments query parameters
     * @return what to answer, as JSON
     * @throws PluginException when it is refused; nothing was done
     */
    Map<String, Object> run(TableName table, Map<String, String> arguments) throws PluginException;
  }
}
