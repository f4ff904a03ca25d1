package io.crossfade.server;

import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.plugin.ConfigProblem;
import io.crossfade.api.plugin.InterceptorFactory;
import io.crossfade.api.plugin.PluginContext;
import java.util.List;

/** A plugin without a configuration and without anything to start or to close. */
public abstract class PluginForTests implements InterceptorFactory<String> {
  @Override
  public final Class<String> configType() {
    return String.class;
  }

  @Override
  public final List<ConfigProblem> check(String config, List<TableConfig> tables) {
    return List.of();
  }

  @Override
  public final void start(PluginContext context, String config) {}

  @Override
  public final List<String> reload(String config) {
    return List.of();
  }

  @Override
  public final void close() {}
}
