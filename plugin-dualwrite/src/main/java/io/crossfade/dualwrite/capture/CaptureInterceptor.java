package io.crossfade.dualwrite.capture;

import io.crossfade.api.plugin.Exchange;
import io.crossfade.api.plugin.Interceptor;
import io.crossfade.api.plugin.Outcome;
import io.crossfade.api.plugin.SessionView;
import io.crossfade.api.plugin.SessionView.TransactionState;
import io.crossfade.api.plugin.Verdict;
import io.crossfade.api.sql.SqlAnalyzer.Analyzed;
import io.crossfade.dualwrite.dirty.DebtException;
import io.crossfade.dualwrite.dirty.DirtyStore;
import io.crossfade.dualwrite.dirty.Holder;
import io.crossfade.dualwrite.dirty.SessionId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Marks what a session's commands may change, holds the marks while its transaction may be open,
 * and lets nothing that may commit pass before they are durable. Event-loop confined.
 *
 * <p>Within an open transaction a write is forwarded at once: it cannot be committed before a later
 * command, and that one waits. Everything else waits for its own marks.
 */
public final class CaptureInterceptor implements Interceptor {
  /** ER_UNKNOWN_ERROR. */
  private static final int REFUSED = 1105;

  private static final CompletionStage<Verdict> FORWARD =
      CompletableFuture.completedFuture(Verdict.forward());

  private final SessionView session;
  private final DirtyStore store;
  private final Supplier<CaptureCatalogue> catalogue;
  private final CaptureMetrics metrics;
  private final Holder holder;

  /** Whether the command now at MySQL was an understood write of a transaction of its own. */
  private boolean autocommitted;

  /** For a session that has just authenticated. */
  public CaptureInterceptor(
      SessionView session,
      DirtyStore store,
      Supplier<CaptureCatalogue> catalogue,
      CaptureMetrics metrics) {
    this.session = session;
    this.store = store;
    this.catalogue = catalogue;
    this.metrics = metrics;
    this.holder = store.open(new SessionId(catalogue.get().serverUuid(), session.connectionId()));
  }

  @Override
  public boolean attentive() {
    return holder.holding();
  }

  @Override
  public CompletionStage<Verdict> before(Exchange exchange) {
    Command command = Command.of(exchange);
    TransactionState state = session.transaction();
    autocommitted = command.plainWrite() && state == TransactionState.NONE && session.autocommit();
    boolean marked = mark(plan(exchange, command));
    if (command.prepare().isPresent() && holder.holding()) {
      metrics.abnormal("xa-prepare");
      store.preparing(holder, command.prepare().get());
    }
    return mustWait(command, state, marked) ? whenDurable() : FORWARD;
  }

  private List<Mark> plan(Exchange exchange, Command command) {
    CapturePlanner planner = new CapturePlanner(catalogue.get());
    if (command.unreadable()) {
      metrics.abnormal("unreadable-command");
      return planner.anything("unreadable");
    }
    List<Mark> marks = new ArrayList<>();
    try {
      for (Analyzed a : exchange.statements()) {
        marks.addAll(planner.plan(a));
      }
    } catch (RuntimeException e) {
      // The relay would forward the command: a change that cannot be planned may touch anything.
      metrics.abnormal("planner-failed");
      return planner.anything("planner-failed");
    }
    return marks;
  }

  private boolean mark(List<Mark> marks) {
    boolean any = false;
    for (Mark m : marks) {
      int count = m.keys().size() + m.ranges().size();
      if (count > 0) {
        store.mark(holder, m.table(), m.keys(), m.ranges());
        metrics.marked(m.kind(), m.reason(), count);
        any = true;
      }
    }
    return any;
  }

  private boolean mustWait(Command command, TransactionState state, boolean marked) {
    if (!holder.holding() || command.rollback()) {
      return false;
    }
    return switch (state) {
      case OPEN -> command.mayCommit();
      case NONE -> command.mayCommit() || marked;
      case UNKNOWN -> true;
    };
  }

  private CompletionStage<Verdict> whenDurable() {
    CompletionStage<Void> durable = store.durable(holder);
    if (durable instanceof CompletableFuture<Void> f
        && f.isDone()
        && !f.isCompletedExceptionally()) {
      return FORWARD;
    }
    long start = System.nanoTime();
    return durable.handle(
        (ok, failure) -> {
          metrics.waited(System.nanoTime() - start);
          return failure == null ? Verdict.forward() : refused(failure);
        });
  }

  private Verdict refused(Throwable failure) {
    Throwable cause = failure instanceof CompletionException c ? c.getCause() : failure;
    metrics.abnormal(cause instanceof DebtException ? "refused" : "mark-failed");
    return Verdict.refuse(
        REFUSED,
        "HY000",
        "Crossfade: the change cannot be recorded for the mirror; it was not executed");
  }

  @Override
  public void after(Exchange exchange, Outcome outcome) {
    if (!holder.holding()) {
      return;
    }
    Command command = Command.of(exchange);
    if (!command.tellsState()) {
      return;
    }
    if (!outcome.ok()) {
      failed();
    } else if (outcome.inTransaction()) {
      if (command.mayCommit()) {
        store.touched(holder);
      }
    } else if (command.xa()) {
      metrics.abnormal("xa");
      store.touched(holder);
    } else {
      store.release(holder);
    }
  }

  /** An ERR says nothing of the transaction, unless there was none but the statement's own. */
  private void failed() {
    if (autocommitted) {
      store.release(holder);
    } else {
      metrics.abnormal("error-in-unknown-state");
      store.touched(holder);
    }
  }

  @Override
  public void closed() {
    if (holder.holding()) {
      metrics.abnormal("lost-with-marks");
      store.lost(holder);
    } else {
      store.unregister(holder);
    }
  }
}
