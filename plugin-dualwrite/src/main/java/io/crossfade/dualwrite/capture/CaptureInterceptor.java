package io.crossfade.dualwrite.capture;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.plugin.Exchange;
import io.crossfade.api.plugin.Interceptor;
import io.crossfade.api.plugin.Outcome;
import io.crossfade.api.plugin.Reply;
import io.crossfade.api.plugin.SessionView;
import io.crossfade.api.plugin.SessionView.TransactionState;
import io.crossfade.api.plugin.Verdict;
import io.crossfade.api.sql.SqlAnalyzer.Analyzed;
import io.crossfade.api.sql.Statement.Kind;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.dirty.DebtException;
import io.crossfade.dualwrite.dirty.DirtyStore;
import io.crossfade.dualwrite.dirty.Holder;
import io.crossfade.dualwrite.dirty.SessionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Marks what a session's commands may change, holds the marks while its transaction may be open,
 * and lets nothing that may commit pass before they are durable. Event-loop confined.
 *
 * <p>Within an open transaction a write is forwarded at once: it cannot be committed before a later
 * command, and that one waits. Everything else waits for its own marks.
 *
 * <p>A range is narrowed to keys where MySQL tells them for certain: an AUTO_INCREMENT value by the
 * OK of its INSERT ({@link GeneratedKey}), the rows of an UPDATE or DELETE ahead of it ({@link
 * Question}), whatever a transaction has changed by the binlog after it ({@link Entrusted}).
 */
public final class CaptureInterceptor implements Interceptor {
  /** ER_OPTION_PREVENTS_STATEMENT. */
  private static final int PREVENTED = 1290;

  /** ER_UNKNOWN_ERROR. */
  private static final int REFUSED = 1105;

  /** Statements remembered for the report. */
  private static final int MAX_RANGED = 1000;

  private static final CompletionStage<Verdict> FORWARD =
      CompletableFuture.completedFuture(Verdict.forward());

  private final SessionView session;
  private final DirtyStore store;
  private final Supplier<CaptureCatalogue> catalogue;
  private final Defining defining;
  private final CaptureMetrics metrics;
  private final CaptureReport report;
  private final Asker asker;
  private final Announcements announcements;
  private final Holder holder;

  /** What the command now at MySQL defines. */
  private Defining.What defined = Defining.What.NOTHING;

  /** Whether the command now at MySQL was an understood write of a transaction of its own. */
  private boolean autocommitted;

  /** The statements that marked ranges in this transaction; not more than {@link #MAX_RANGED}. */
  private final List<Planned> ranged = new ArrayList<>();

  /** Whether everything that the session changes stands in the binlog under its id. */
  private boolean inBinlog = true;

  /** What the answer to the command now at MySQL is looked at for. */
  private @Nullable Unsettled unsettled;

  /**
   * A statement whose marks depend on MySQL's answer.
   *
   * @param planned its ranges
   * @param asked how many keys MySQL named ahead; -1 when it names them afterwards
   * @param increment {@code @@auto_increment_increment}, empty when it is not known
   */
  private record Unsettled(Exchange exchange, Planned planned, int asked, String increment) {}

  /** What all sessions share. */
  public record Shared(
      DirtyStore store,
      Supplier<CaptureCatalogue> catalogue,
      Defining defining,
      CaptureMetrics metrics,
      CaptureReport report,
      Declined declined,
      BooleanSupplier ask,
      Supplier<Announcements> announcements) {}

  /** For a session that has just authenticated. */
  public CaptureInterceptor(SessionView session, Shared shared) {
    this.session = session;
    this.store = shared.store();
    this.catalogue = shared.catalogue();
    this.defining = shared.defining();
    this.metrics = shared.metrics();
    this.report = shared.report();
    this.asker = new Asker(shared.declined(), metrics, shared.ask());
    this.announcements = shared.announcements().get();
    this.holder = store.open(new SessionId(catalogue.get().serverUuid(), session.connectionId()));
    announcements.opened(holder.session());
  }

  @Override
  public boolean attentive() {
    return holder.holding() || unsettled != null;
  }

  @Override
  public CompletionStage<Verdict> before(Exchange exchange) {
    ended(); // whatever came before is over: also what another plugin has refused
    unsettled = null;
    Command command = Command.of(exchange);
    Optional<TableName> refused = defining.refused(exchange, session.database());
    if (refused.isPresent()) {
      metrics.abnormal("ddl-refused");
      return CompletableFuture.completedFuture(prevented(refused.get()));
    }
    defined = defining.sending(exchange, session.database());
    TransactionState state = session.transaction();
    autocommitted = command.plainWrite() && state == TransactionState.NONE && session.autocommit();
    asker.note(exchange);
    inBinlog = inBinlog && !Unlogged.mayFollow(exchange, command);
    List<Planned> plan = plan(exchange, command);
    for (Planned p : plan) {
      if (p.mark().narrowing() instanceof GeneratedKey generated && command.plainWrite()) {
        return generated(exchange, command, plan, p, generated);
      }
      NotAsked why = asker.whyNot(exchange, command, p);
      if (why == NotAsked.NONE && Asker.isQuestion(p)) {
        return ask(exchange, command, plan, p);
      }
    }
    return carryOn(exchange, command, plan, null, NotAsked.NONE);
  }

  private List<Planned> plan(Exchange exchange, Command command) {
    CapturePlanner planner = new CapturePlanner(catalogue.get());
    if (command.unreadable()) {
      metrics.abnormal("unreadable-command");
      return planned(null, planner.anything("unreadable"));
    }
    List<Planned> marks = new ArrayList<>();
    for (Analyzed a : exchange.statements()) {
      try {
        marks.addAll(planned(a, planner.plan(a)));
      } catch (RuntimeException e) {
        // The relay would forward the command: a change that cannot be planned may touch anything.
        metrics.abnormal("planner-failed");
        marks.addAll(planned(a, planner.anything("planner-failed")));
      }
    }
    return marks;
  }

  private static List<Planned> planned(@Nullable Analyzed statement, List<Mark> marks) {
    return marks.stream().map(m -> new Planned(statement, m)).toList();
  }

  /** Remembers that the OK will name the keys. */
  private CompletionStage<Verdict> generated(
      Exchange exchange,
      Command command,
      List<Planned> plan,
      Planned which,
      GeneratedKey generated) {
    CompletionStage<String> increment =
        generated.needsIncrement()
            ? session.facts().handle((f, error) -> f == null ? "" : f.autoIncrementIncrement())
            : CompletableFuture.completedFuture("");
    return increment.thenCompose(
        i -> {
          unsettled = new Unsettled(exchange, which, -1, i);
          return carryOn(exchange, command, plan, null, NotAsked.NONE);
        });
  }

  /** Asks for the keys, and marks them in place of the ranges. */
  private CompletionStage<Verdict> ask(
      Exchange exchange, Command command, List<Planned> plan, Planned which) {
    long start = System.nanoTime();
    return asker
        .ask(exchange, which)
        .exceptionally(
            error -> {
              metrics.abnormal("asking-failed");
              return Asker.Result.failed(NotAsked.ERROR);
            })
        .thenCompose(
            result -> {
              long took = System.nanoTime() - start;
              report.line(which).asked(took);
              metrics.asked(result, took);
              return answered(exchange, command, plan, which, result);
            });
  }

  private CompletionStage<Verdict> answered(
      Exchange exchange, Command command, List<Planned> plan, Planned which, Asker.Result result) {
    Reply error = result.clientsError();
    if (error != null) {
      metrics.abnormal("question-was-victim");
      return CompletableFuture.completedFuture(
          Verdict.refuse(error.error(), error.sqlState(), error.message()));
    }
    Mark keys = result.mark();
    if (keys == null) {
      return carryOn(exchange, command, plan, which, result.why());
    }
    unsettled = new Unsettled(exchange, which, result.rows(), "");
    List<Planned> narrowed = new ArrayList<>(plan);
    narrowed.replaceAll(p -> p == which ? new Planned(p.statement(), keys) : p);
    return carryOn(exchange, command, narrowed, null, NotAsked.NONE);
  }

  /**
   * Marks and, if need be, waits.
   *
   * @param failed the mark that was asked for in vain, if one was
   */
  private CompletionStage<Verdict> carryOn(
      Exchange exchange,
      Command command,
      List<Planned> plan,
      @Nullable Planned failed,
      NotAsked why) {
    TransactionState state = session.transaction();
    boolean marked = false;
    for (Planned p : plan) {
      marked |= mark(p, p == failed ? why : asker.whyNot(exchange, command, p));
    }
    if (command.prepare().isPresent() && holder.holding()) {
      metrics.abnormal("xa-prepare");
      store.preparing(holder, command.prepare().get());
    }
    return mustWait(command, state, marked) ? whenDurable(plan) : FORWARD;
  }

  private boolean mark(Planned planned, NotAsked why) {
    Mark m = planned.mark();
    How how = m.reason().equals(Question.REASON) ? How.ASKED : How.of(m);
    if (m.size() == 0) {
      if (how == How.ASKED) {
        report.line(planned).marked(how, m, why);
      }
      return false;
    }
    mark(m);
    metrics.marked(m.kind(), m.reason(), m.size());
    report.line(planned).marked(how, m, why);
    remember(planned);
    return true;
  }

  private void remember(Planned planned) {
    if (!planned.mark().ranges().isEmpty() && ranged.size() < MAX_RANGED) {
      ranged.add(planned);
    }
  }

  private void mark(Mark m) {
    announcements.marked(holder.session(), m.table(), m.keys(), m.ranges());
    store.mark(holder, m.table(), m.keys(), m.ranges());
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

  private CompletionStage<Verdict> whenDurable(List<Planned> plan) {
    CompletionStage<Void> durable = store.durable(holder);
    if (durable instanceof CompletableFuture<Void> f
        && f.isDone()
        && !f.isCompletedExceptionally()) {
      return FORWARD;
    }
    long start = System.nanoTime();
    return durable.handle(
        (ok, failure) -> {
          long took = System.nanoTime() - start;
          metrics.waited(took);
          plan.forEach(p -> report.line(p).waited(took));
          return failure == null ? Verdict.forward() : refused(failure);
        });
  }

  private static Verdict prevented(TableName table) {
    return Verdict.refuse(
        PREVENTED,
        "HY000",
        "The Crossfade proxy is running with the plugins.dualwrite.tables."
            + table
            + ".ddl=refuse option so it cannot execute this statement");
  }

  private Verdict refused(Throwable failure) {
    ended();
    Throwable cause = failure instanceof CompletionException c ? c.getCause() : failure;
    metrics.abnormal(cause instanceof DebtException ? "refused" : "mark-failed");
    return Verdict.refuse(
        REFUSED,
        "HY000",
        "Crossfade: the change cannot be recorded for the mirror; it was not executed");
  }

  @Override
  public void after(Exchange exchange, Outcome outcome) {
    ended();
    Unsettled open = unsettled;
    unsettled = null;
    if (open != null && open.exchange() == exchange && outcome.ok()) {
      settle(open, outcome);
    }
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
      release();
    }
  }

  private void ended() {
    Defining.What ended = defined;
    defined = Defining.What.NOTHING;
    defining.ended(ended);
  }

  private void release() {
    Entrusted entrusted = null;
    if (inBinlog && announcements.willName(holder.session())) {
      entrusted =
          store
              .entrust(holder)
              .map(ranges -> new Entrusted(store, ranges, ranged, metrics, report))
              .orElse(null);
    } else {
      store.release(holder);
    }
    announcements.released(holder.session(), entrusted);
    ranged.clear();
  }

  private void settle(Unsettled open, Outcome outcome) {
    Planned planned = open.planned();
    Mark mark = planned.mark();
    if (open.asked() >= 0) {
      if (changed(planned, outcome) != open.asked()) {
        // Still inside the transaction: whatever commits it waits for this mark.
        metrics.abnormal("asked-differs");
        mark(mark);
        metrics.marked(mark.kind(), "asked-differs", mark.size());
        report.line(planned).widened(mark);
        remember(planned);
      }
    } else if (mark.narrowing() instanceof GeneratedKey generated) {
      Optional<List<Key>> keys = generated.keys(outcome, open.increment());
      if (keys.isPresent()) {
        store.narrow(holder, mark.table(), mark.ranges(), keys.get());
        metrics.known(keys.get().size());
        report.line(planned).narrowed(mark, How.KNOWN, keys.get().size());
        ranged.remove(planned);
      }
    }
  }

  /** How many rows the statement found; -1 when MySQL did not say. */
  private static long changed(Planned planned, Outcome outcome) {
    Analyzed statement = planned.statement();
    return statement != null && statement.statement().kind() == Kind.DELETE
        ? outcome.affectedRows()
        : outcome.matchedRows();
  }

  /** An ERR says nothing of the transaction, unless there was none but the statement's own. */
  private void failed() {
    if (autocommitted) {
      release();
    } else {
      metrics.abnormal("error-in-unknown-state");
      store.touched(holder);
    }
  }

  @Override
  public void closed() {
    ended();
    announcements.closed(holder.session());
    if (holder.holding()) {
      metrics.abnormal("lost-with-marks");
      store.lost(holder);
    } else {
      store.unregister(holder);
    }
  }
}
