package io.crossfade.api.plugin;

import java.util.List;
import org.apache.shardingsphere.infra.spi.ShardingSphereSPI;

/**
 * A plugin, found through ShardingSphere's SPI ({@code
 * META-INF/services/io.crossfade.api.plugin.InterceptorFactory}).
 *
 * @param <C> the record its section {@code plugins.<name>} of the configuration is bound to
 *     (Jackson; unknown keys are refused)
 */
public interface InterceptorFactory<C> extends ShardingSphereSPI {
  /** The plugin's name: its key under {@code plugins} in the configuration. */
  String name();

  /** Plugins are started and asked in ascending order. */
  int order();

  /** The class of the plugin's configuration. */
  Class<C> configType();

  /**
   * Checks a configuration without side effects; also called before a reload.
   *
   * @return problems, each naming the key relative to the plugin's section; empty when it is good
   */
  List<ConfigProblem> check(C config, List<io.crossfade.api.mapping.TableConfig> tables);

  /**
   * Starts the plugin. May block.
   *
   * @throws PluginException with a message for the operator when it cannot start
   */
  void start(PluginContext context, C config) throws PluginException;

  /**
   * Follows a configuration that {@link #check} accepted. Must not fail.
   *
   * @return names of changed settings that only a restart can apply; when not empty nothing was
   *     applied and the reload is refused
   */
  List<String> reload(C config);

  /** Makes the interceptor of one client session. */
  Interceptor open(SessionView session);

  /** Stops the plugin: finishes or safely abandons its work, releases everything. May block. */
  void close();
}
