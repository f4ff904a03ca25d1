package io.crossfade.dualwrite;

import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.plugin.ConfigProblem;
import io.crossfade.api.plugin.Interceptor;
import io.crossfade.api.plugin.InterceptorFactory;
import io.crossfade.api.plugin.PluginContext;
import io.crossfade.api.plugin.PluginException;
import io.crossfade.api.plugin.SessionView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Starts and stops the dual-write plugin. */
public final class DualWriteFactory implements InterceptorFactory<DualWriteConfig> {
  private volatile @Nullable DualWrite running;

  @Override
  public String name() {
    return "dualwrite";
  }

  @Override
  public int order() {
    return 100;
  }

  @Override
  public Class<DualWriteConfig> configType() {
    return DualWriteConfig.class;
  }

  @Override
  public List<ConfigProblem> check(DualWriteConfig config, List<TableConfig> tables) {
    List<ConfigProblem> problems = new ArrayList<>(config.problems());
    problems.addAll(config.strangers(tables));
    return problems;
  }

  @Override
  public void start(PluginContext context, DualWriteConfig config) throws PluginException {
    running = DualWrite.start(context, config);
  }

  @Override
  public List<String> reload(DualWriteConfig config) {
    return running().reload(config);
  }

  @Override
  public Interceptor open(SessionView session) {
    return running().open(session);
  }

  @Override
  public void close() {
    DualWrite stopped = running;
    running = null;
    if (stopped != null) {
      stopped.close();
    }
  }

  private DualWrite running() {
    DualWrite plugin = running;
    if (plugin == null) {
      throw new IllegalStateException("the dual-write plugin is not running");
    }
    return plugin;
  }
}
