package io.crossfade.server.fuzz;

import io.crossfade.api.mapping.Row;
import io.crossfade.api.plugin.Exchange;
import io.crossfade.api.plugin.Interceptor;
import io.crossfade.api.plugin.Outcome;
import io.crossfade.api.plugin.SessionView;
import io.crossfade.api.plugin.Verdict;
import io.crossfade.server.PluginForTests;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A plugin that leaves everything to a {@link Judge}. */
final class ScriptedPlugin extends PluginForTests implements Interceptor {
  private final int order;
  private final boolean attentive;
  private final Judge judge;

  /** Says what the plugin does. */
  interface Judge {
    CompletionStage<Verdict> before(Exchange exchange);

    void after(Exchange exchange, Outcome outcome);
  }

  ScriptedPlugin(int order, boolean attentive, Judge judge) {
    this.order = order;
    this.attentive = attentive;
    this.judge = judge;
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
  public int order() {
    return order;
  }

  @Override
  public Interceptor open(SessionView view) {
    return this;
  }

  @Override
  public boolean attentive() {
    return attentive;
  }

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
