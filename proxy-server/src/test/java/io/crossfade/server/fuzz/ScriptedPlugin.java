package io.crossfade.server.fuzz;

import io.crossfade.api.mapping.Row;
import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.plugin.ConfigProblem;
import io.crossfade.api.plugin.Exchange;
import io.crossfade.api.plugin.Interceptor;
import io.crossfade.api.plugin.InterceptorFactory;
import io.crossfade.api.plugin.Outcome;
import io.crossfade.api.plugin.PluginContext;
import io.crossfade.api.plugin.SessionView;
import io.crossfade.api.plugin.Verdict;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A plugin that leaves everything to a {@link Judge}. */
record ScriptedPlugin(int order, boolean attentive, Judge judge)
    implements InterceptorFactory<String>, Interceptor {
  /** Says what the plugin does. */
  interface Judge {
    CompletionStage<Verdict> before(Exchange exchange);

    void after(Exchange exchange, Outcome outcome);
  }

  /** A row of NULLs. */
  static Row nulls(int columns) {
    return new Row(new byte @Nullable [columns][]);
  }

  @Override
  public String name() {
    return "scripted-" + order;
  }

  @Override
  public Class<String> configType() {
    return String.class;
  }

  @Override
  public List<ConfigProblem> check(String config, List<TableConfig> tables) {
    return List.of();
  }

  @Override
  public void start(PluginContext context, String config) {}

  @Override
  public List<String> reload(String config) {
    return List.of();
  }

  @Override
  public Interceptor open(SessionView view) {
    return this;
  }

  @Override
  public void close() {}

  @Override
  public CompletionStage<Verdict> before(Exchange exchange) {
    return judge.before(exchange);
  }

  @Override
  public void after(Exchange exchange, Outcome outcome) {
    judge.after(exchange, outcome);
  }

  @Override
  public void closed() {}
}
