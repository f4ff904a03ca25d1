package io.crossfade.server.frontend;

import io.crossfade.api.plugin.Exchange;
import io.crossfade.api.plugin.Interceptor;
import io.crossfade.api.plugin.Outcome;
import io.crossfade.api.plugin.SessionView;
import io.crossfade.api.plugin.Verdict;
import io.crossfade.api.sql.Statement;
import io.crossfade.server.PluginForTests;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A plugin whose verdicts a test gives, and which remembers what it was shown. Thread-safe. */
final class ScriptedPlugin extends PluginForTests {
  /** What happened, in order: "before KIND,…", "after ERROR AFFECTED IN_TRANS", "closed". */
  final Queue<String> events = new ConcurrentLinkedQueue<>();

  final Queue<Exchange> exchanges = new ConcurrentLinkedQueue<>();
  final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
  final AtomicInteger open = new AtomicInteger();
  volatile boolean attentive;
  volatile Function<Exchange, CompletionStage<Verdict>> script =
      exchange -> CompletableFuture.completedFuture(Verdict.forward());

  @Override
  public String name() {
    return "scripted";
  }

  @Override
  public int order() {
    return 1;
  }

  @Override
  public Interceptor open(SessionView session) {
    open.incrementAndGet();
    return new Interceptor() {
      @Override
      public boolean attentive() {
        return attentive;
      }

      @Override
      public CompletionStage<Verdict> before(Exchange exchange) {
        exchanges.add(exchange);
        events.add(
            "before " + exchange.statements().stream().map(s -> s.statement().kind()).toList());
        return script.apply(exchange);
      }

      @Override
      public void after(Exchange exchange, Outcome outcome) {
        outcomes.add(outcome);
        events.add("after " + outcome.error() + " " + outcome.affectedRows());
      }

      @Override
      public void closed() {
        open.decrementAndGet();
        events.add("closed");
      }
    };
  }

  /** How often a statement of this kind was shown. */
  long shown(Statement.Kind kind) {
    return exchanges.stream()
        .flatMap(e -> e.statements().stream())
        .filter(s -> s.statement().kind() == kind)
        .count();
  }

  void clear() {
    events.clear();
    exchanges.clear();
    outcomes.clear();
  }
}
