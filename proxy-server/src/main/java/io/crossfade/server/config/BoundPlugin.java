package io.crossfade.server.config;

import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.plugin.ConfigProblem;
import io.crossfade.api.plugin.InterceptorFactory;
import io.crossfade.api.plugin.PluginContext;
import io.crossfade.api.plugin.PluginException;
import java.util.List;
import java.util.Optional;

/**
 * A plugin with its configuration.
 *
 * @param <C> the plugin's configuration record
 * @param factory the plugin
 * @param config what its section says
 */
public record BoundPlugin<C>(InterceptorFactory<C> factory, C config) {
  /** Binds a plugin's section; empty when something is wrong with it. */
  static <C> Optional<BoundPlugin<C>> bind(
      InterceptorFactory<C> factory, ConfigNode section, SectionBinder binder) {
    String path = "plugins." + factory.name();
    return Optional.ofNullable(binder.bind(section, factory.configType(), path))
        .map(config -> new BoundPlugin<>(factory, config));
  }

  /** The plugin's name. */
  public String name() {
    return factory.name();
  }

  /** What the plugin itself finds wrong, paths relative to its section. */
  public List<ConfigProblem> check(List<TableConfig> tables) {
    return factory.check(config, tables);
  }

  /** Starts the plugin with this configuration. */
  public void start(PluginContext context) throws PluginException {
    factory.start(context, config);
  }

  /** Makes the running plugin follow this configuration; see {@link InterceptorFactory#reload}. */
  public List<String> reload() {
    return factory.reload(config);
  }

  /** Only the name: the configuration may hold a password. */
  @Override
  public String toString() {
    return "plugin " + name();
  }
}
