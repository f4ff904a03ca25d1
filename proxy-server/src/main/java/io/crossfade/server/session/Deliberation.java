package io.crossfade.server.session;

import io.crossfade.api.plugin.Exchange;
import io.crossfade.api.plugin.Outcome;
import io.crossfade.api.plugin.Reply;
import io.crossfade.api.plugin.SessionView;
import io.crossfade.api.plugin.Verdict;
import io.crossfade.api.sql.SqlAnalyzer.Analyzed;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the plugins, one after the other, about one command. Nobody's failure or silence keeps the
 * command back: it counts as {@link Verdict#forward}. Event-loop confined.
 */
final class Deliberation implements Exchange {
  private static final Logger LOGGER = LoggerFactory.getLogger(Deliberation.class);

  private final Session session;
  private final SessionState state;
  private final List<Plugin> plugins;
  private final Command command;
  private final Judge judge;
  private final List<Analyzed> statements;
  private int asked = -1;
  private boolean learn;
  private boolean cancelled;

  /** Whether a plugin's verdict is still to come. */
  private boolean pending;

  /** Questions that MySQL has not answered. */
  private int questions;

  private @Nullable Future<?> limit;

  /** What is done with the verdicts. */
  interface Judge {
    /** All plugins agreed to forward. */
    void forward(Deliberation exchange, boolean learn);

    /**
     * A plugin answers.
     *
     * @return false when its answer cannot be used; the next plugin is asked then
     */
    boolean answer(Deliberation exchange, Verdict.Answer answer);

    /** A plugin refuses. */
    void refuse(Deliberation exchange, Verdict.Refuse refuse);

    /** Whether MySQL can be asked ahead of the command. */
    boolean askable(Deliberation exchange);

    /** Asks MySQL ahead of the command. */
    CompletionStage<Reply> ask(Deliberation exchange, byte[] sql);
  }

  Deliberation(
      Session session, SessionState state, List<Plugin> plugins, Command command, Judge judge) {
    this.session = session;
    this.state = state;
    this.plugins = plugins;
    this.command = command;
    this.judge = judge;
    statements = command.statements.get();
  }

  Command subject() {
    return command;
  }

  @Override
  public SessionView session() {
    return state;
  }

  @Override
  public Protocol protocol() {
    return command.protocol;
  }

  @Override
  public int command() {
    return command.code;
  }

  @Override
  public List<Analyzed> statements() {
    return statements;
  }

  @Override
  public boolean answerable() {
    return command.answerable && command.bytes.readableBytes() <= Replay.MAX_BYTES;
  }

  @Override
  public boolean askable() {
    return !cancelled && judge.askable(this);
  }

  @Override
  public CompletionStage<Reply> ask(byte[] sql) {
    if (!askable()) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("nothing can be asked ahead of this command"));
    }
    return uncounted(() -> judge.ask(this, sql));
  }

  /**
   * Asks MySQL something on the plugin's behalf: how long it takes is not the plugin's fault, and
   * MySQL may wait for a lock as it would for the command itself.
   */
  <T> CompletionStage<T> uncounted(Supplier<CompletionStage<T>> question) {
    questions++;
    stopLimit();
    return question.get().whenComplete((reply, error) -> replied());
  }

  private void replied() {
    questions--;
    if (!cancelled && questions == 0 && pending && limit == null) {
      startLimit(asked);
    }
  }

  /** Asks the next plugin, or ends with forwarding. */
  void next() {
    while (++asked < plugins.size()) {
      Plugin plugin = plugins.get(asked);
      int turn = asked;
      CompletionStage<Verdict> stage;
      try {
        stage = plugin.interceptor().before(this);
      } catch (RuntimeException e) {
        failed(plugin, "before", e);
        continue;
      }
      var future = stage.toCompletableFuture();
      if (!future.isDone()) {
        pending = true;
        if (questions == 0) {
          startLimit(turn);
        }
        stage.whenComplete(
            (verdict, error) -> onLoop(() -> session.run(() -> settled(turn, verdict, error))));
        return;
      }
      if (future.isCompletedExceptionally()) {
        failed(plugin, "before", future.handle((v, e) -> e).join());
      } else if (judged(plugin, future.join())) {
        return;
      }
    }
    judge.forward(this, learn);
  }

  private void startLimit(int turn) {
    limit =
        session
            .loop()
            .schedule(
                () -> session.run(() -> timedOut(turn)),
                session.context().settings().pluginTimeLimit().toNanos(),
                TimeUnit.NANOSECONDS);
  }

  private void onLoop(Runnable task) {
    if (session.loop().inEventLoop()) {
      task.run();
    } else {
      session.loop().execute(task);
    }
  }

  private void settled(int turn, @Nullable Verdict verdict, @Nullable Throwable error) {
    if (cancelled || turn != asked || !pending) {
      return;
    }
    pending = false;
    stopLimit();
    Plugin plugin = plugins.get(turn);
    if (error != null) {
      failed(plugin, "before", error);
      next();
    } else if (!judged(plugin, verdict)) {
      next();
    }
  }

  private void timedOut(int turn) {
    if (cancelled || turn != asked || !pending) {
      return;
    }
    pending = false;
    limit = null;
    Plugin plugin = plugins.get(turn);
    session.context().metrics().pluginFailed(plugin.name(), "timeout");
    LOGGER
        .atWarn()
        .addKeyValue("sessionId", state.id())
        .addKeyValue("plugin", plugin.name())
        .log("a plugin did not decide in time; the command is forwarded");
    next();
  }

  /** Returns whether the verdict ended the deliberation. */
  private boolean judged(Plugin plugin, @Nullable Verdict verdict) {
    if (verdict == null) {
      failed(plugin, "before", new NullPointerException("no verdict"));
      return false;
    }
    RelayMetrics metrics = session.context().metrics();
    return verdict.match(
        forward -> {
          metrics.verdict(plugin.name(), forward.learn() ? "learn" : "forward");
          learn |= forward.learn();
          return false;
        },
        answer -> {
          boolean used = judge.answer(this, answer);
          metrics.verdict(plugin.name(), used ? "answer" : "answer-unusable");
          return used;
        },
        refuse -> {
          metrics.verdict(plugin.name(), "refuse");
          judge.refuse(this, refuse);
          return true;
        });
  }

  /** Tells the plugins what MySQL answered. */
  void after(Outcome outcome) {
    for (Plugin plugin : plugins) {
      try {
        plugin.interceptor().after(this, outcome);
      } catch (RuntimeException e) {
        failed(plugin, "after", e);
      }
    }
  }

  /** The session is over: verdicts that still come are ignored. */
  void cancel() {
    cancelled = true;
    stopLimit();
  }

  private void stopLimit() {
    if (limit != null) {
      limit.cancel(false);
      limit = null;
    }
  }

  private void failed(Plugin plugin, String where, Throwable error) {
    session.context().metrics().pluginFailed(plugin.name(), where);
    LOGGER
        .atWarn()
        .addKeyValue("sessionId", state.id())
        .addKeyValue("plugin", plugin.name())
        .addKeyValue("where", where)
        .setCause(error)
        .log("a plugin failed");
  }
}
