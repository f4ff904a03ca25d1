package io.crossfade.dualwrite.capture;

import io.crossfade.api.plugin.Exchange;
import io.crossfade.api.plugin.Reply;
import io.crossfade.api.plugin.SessionFacts;
import io.crossfade.api.plugin.SessionView.TransactionState;
import io.crossfade.api.sql.SqlAnalyzer.Analyzed;
import io.crossfade.api.sql.Statement;
import io.crossfade.api.sql.Statement.Kind;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks MySQL, on the session itself, for the keys of the UPDATE or DELETE that waits, where nobody
 * can notice. Event-loop confined; one a session.
 */
final class Asker {
  /** ER_LOCK_DEADLOCK and ER_QUERY_INTERRUPTED: meant for the client's own statement. */
  private static final Set<Integer> CLIENTS_OWN = Set.of(1213, 1317);

  private static final int LOCK_WAIT_TIMEOUT = 1205;

  /** No right to the columns, to the table, to the schema, to do it at all. */
  private static final Set<Integer> NO_PRIVILEGE = Set.of(1142, 1143, 1044, 1045, 1227);

  /** Errors of the session's moment, which say nothing of the next time. */
  private static final Set<Integer> PASSING = Set.of(LOCK_WAIT_TIMEOUT, 1100, 1226, 3024, 3572);

  private final Declined declined;
  private final CaptureMetrics metrics;
  private final BooleanSupplier enabled;
  private boolean tablesLocked;

  Asker(Declined declined, CaptureMetrics metrics, BooleanSupplier enabled) {
    this.declined = declined;
    this.metrics = metrics;
    this.enabled = enabled;
  }

  /**
   * What became of a question.
   *
   * @param mark the keys of {@code rows} rows; null when they are not known
   * @param why why they are not
   * @param clientsError an error that the client must get in place of its statement's answer
   */
  record Result(@Nullable Mark mark, int rows, NotAsked why, @Nullable Reply clientsError) {
    static Result failed(NotAsked why) {
      return new Result(null, 0, why, null);
    }
  }

  /** Takes note of a command: under LOCK TABLES a question may be refused. */
  void note(Exchange exchange) {
    for (Analyzed a : exchange.statements()) {
      Statement s = a.statement();
      if (s.kind() == Kind.LOCK) {
        tablesLocked = !s.template().toUpperCase(Locale.ROOT).startsWith("UNLOCK");
      } else if (s.kind() == Kind.BEGIN) {
        tablesLocked = false;
      }
    }
  }

  /** Why MySQL cannot be asked for what the mark leaves open; NONE when it can. */
  NotAsked whyNot(Exchange exchange, Command command, Planned planned) {
    Analyzed statement = planned.statement();
    Kind kind = statement == null ? Kind.OTHER : statement.statement().kind();
    if (statement == null
        || planned.mark().ranges().isEmpty()
        || (kind != Kind.UPDATE && kind != Kind.DELETE)
        || !ASKABLE_REASONS.contains(planned.mark().reason())) {
      return NotAsked.NONE;
    }
    if (!enabled.getAsBoolean()) {
      return NotAsked.SWITCHED_OFF;
    }
    if (!(planned.mark().narrowing() instanceof Question)) {
      return NotAsked.SHAPE;
    }
    if (!command.plainWrite()) {
      return NotAsked.SEVERAL_STATEMENTS;
    }
    if (exchange.session().transaction() != TransactionState.OPEN) {
      return NotAsked.OUTSIDE_TRANSACTION;
    }
    if (tablesLocked || !exchange.askable()) {
      return NotAsked.SESSION;
    }
    NotAsked before = declined.find(exchange.session().user(), statement.statement().template());
    return before == null ? NotAsked.NONE : before;
  }

  /** Reasons for a range that the keys of the rows at hand take away. */
  static final Set<String> ASKABLE_REASONS = Set.of("condition", "value", "key-assigned");

  /** Whether the mark can be narrowed by a question, {@link #whyNot} being NONE. */
  static boolean isQuestion(Planned planned) {
    return planned.mark().narrowing() instanceof Question
        && ASKABLE_REASONS.contains(planned.mark().reason());
  }

  /** Asks. The stage completes on the event loop and does not fail. */
  CompletionStage<Result> ask(Exchange exchange, Planned planned) {
    Question question = (Question) planned.mark().narrowing();
    Analyzed statement = planned.statement();
    if (question == null || statement == null) {
      return CompletableFuture.completedFuture(Result.failed(NotAsked.NONE));
    }
    CompletionStage<Optional<SessionFacts>> facts =
        question.needsFacts()
            ? exchange.session().facts().handle((f, error) -> Optional.ofNullable(f))
            : CompletableFuture.completedFuture(Optional.empty());
    return facts.thenCompose(f -> ask(exchange, question, statement.statement(), f.orElse(null)));
  }

  private CompletionStage<Result> ask(
      Exchange exchange, Question question, Statement statement, @Nullable SessionFacts facts) {
    Optional<byte[]> sql = question.sql(exchange.protocol(), facts);
    if (sql.isEmpty()) {
      return CompletableFuture.completedFuture(Result.failed(NotAsked.VALUE));
    }
    return exchange
        .ask(sql.get())
        .handle(
            (reply, failure) ->
                failure != null || reply == null
                    ? Result.failed(NotAsked.SESSION)
                    : result(exchange, question, statement, reply));
  }

  private Result result(Exchange exchange, Question question, Statement statement, Reply reply) {
    boolean over = exchange.session().transaction() != TransactionState.OPEN;
    if (!reply.ok() && (CLIENTS_OWN.contains(reply.error()) || over)) {
      // Without its transaction the statement must not be executed.
      return new Result(null, 0, NotAsked.ERROR, reply);
    }
    NotAsked why = why(reply);
    if (why == NotAsked.NONE) {
      Optional<Mark> mark = question.mark(reply.rows());
      if (mark.isPresent()) {
        return new Result(mark.get(), reply.rows().size(), NotAsked.NONE, null);
      }
      declined.add(exchange.session().user(), statement.template(), NotAsked.VALUE);
      return Result.failed(NotAsked.VALUE);
    }
    if (reply.ok() || !PASSING.contains(reply.error())) {
      declined.add(exchange.session().user(), statement.template(), why);
    }
    if (!reply.ok()) {
      metrics.questionFailed(reply.error());
    }
    return Result.failed(why);
  }

  private static NotAsked why(Reply reply) {
    if (reply.ok()) {
      return reply.rows().size() > Question.MAX_ROWS ? NotAsked.TOO_MANY : NotAsked.NONE;
    }
    if (reply.error() == LOCK_WAIT_TIMEOUT) {
      return NotAsked.LOCK_WAIT;
    }
    return NO_PRIVILEGE.contains(reply.error()) ? NotAsked.PRIVILEGE : NotAsked.ERROR;
  }
}
