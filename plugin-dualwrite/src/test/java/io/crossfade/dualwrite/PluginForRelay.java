package io.crossfade.dualwrite;

import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.plugin.ConfigProblem;
import io.crossfade.api.plugin.InterceptorFactory;
import io.crossfade.api.plugin.PluginContext;
import java.util.List;

/** A plugin that was started already, for a relay. */
abstract class PluginForRelay implements InterceptorFactory<Object> {
  @Override
  public String name() {
    return "dualwrite";
  }

  @Override
  public int order() {
    return 100;
  }

  @Override
  public Class<Object> configType() {
    return Object.class;
  }

  @Override
  public List<ConfigProblem> check(Object config, List<TableConfig> tables) {
    return List.of();
  }

  @Override
  public void start(PluginContext context, Object config) {}

  @Override
  public List<String> reload(Object config) {
    return List.of();
  }

  @Override
  public void close() {}
}
