package io.crossfade.server.config;

import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.plugin.ConfigProblem;
import io.crossfade.api.plugin.Interceptor;
import io.crossfade.api.plugin.InterceptorFactory;
import io.crossfade.api.plugin.PluginContext;
import io.crossfade.api.plugin.SessionView;
import java.util.List;

/**
 * A plugin that takes any section as it is.
 *
 * @param name its name
 */
record RawPlugin(String name) implements InterceptorFactory<ConfigNode> {
  @Override
  public int order() {
    return 0;
  }

  @Override
  public Class<ConfigNode> configType() {
    return ConfigNode.class;
  }

  @Override
  public List<ConfigProblem> check(ConfigNode config, List<TableConfig> tables) {
    return List.of();
  }

  @Override
  public void start(PluginContext context, ConfigNode config) {
    throw new UnsupportedOperationException("not started in this test");
  }

  @Override
  public List<String> reload(ConfigNode config) {
    return List.of();
  }

  @Override
  public Interceptor open(SessionView session) {
    throw new UnsupportedOperationException("no session in this test");
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException("not started in this test");
  }
}
