package io.crossfade.readswitch.route;

import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.plugin.Exchange;
import io.crossfade.api.plugin.Interceptor;
import io.crossfade.api.plugin.Outcome;
import io.crossfade.api.plugin.ResultMetadata;
import io.crossfade.api.plugin.SessionFacts;
import io.crossfade.api.plugin.SessionView;
import io.crossfade.api.plugin.Verdict;
import io.crossfade.api.sql.SqlAnalyzer.Analyzed;
import io.crossfade.api.sql.Statement;
import io.crossfade.api.sql.TableName;
import io.crossfade.readswitch.plan.Planned;
import io.crossfade.readswitch.plan.Planner;
import io.crossfade.readswitch.plan.ReadPlan;
import io.crossfade.readswitch.plan.SessionTerms;
import io.crossfade.readswitch.position.Bucket;
import io.crossfade.readswitch.position.Position;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Routes the SELECTs of one session. What HBase does not answer is forwarded, and the reason
 * counted; a client never sees an error of HBase.
 */
public final class ReadInterceptor implements Interceptor {
  private static final CompletionStage<Verdict> FORWARD =
      CompletableFuture.completedFuture(Verdict.forward());

  private final Route route;
  private final SessionView session;
  private final int bucket;
  private final SessionState state = new SessionState();
  // The answer to this exchange brings a frame. Volatile: set where a stage completes.
  private volatile @Nullable Lesson lesson;
  // HBase's answer to this exchange is offered; should MySQL answer it, it was declined.
  private volatile @Nullable Offer offer;

  /** Makes the interceptor of one session; its bucket is fixed from now on. */
  public ReadInterceptor(Route route, SessionView session) {
    this.route = route;
    this.session = session;
    this.bucket = Bucket.of(session.id());
  }

  /** A frame that is to be kept when it comes. */
  private record Lesson(
      Exchange exchange, TableName table, MetadataKey key, List<Integer> columns) {}

  /** An answer given to the proxy. */
  private record Offer(Exchange exchange, TableName table) {}

  /** One SELECT on a watched table, and what was found out about it. */
  private record Read(
      Exchange exchange,
      TableName table,
      Statement statement,
      Statement.Select select,
      Analyzed analyzed,
      TableMapping mapping,
      RouteSettings settings) {
    Planned plan(SessionTerms terms) {
      return Planner.plan(select, analyzed.values(), mapping, terms);
    }
  }

  @Override
  public boolean attentive() {
    return false;
  }

  @Override
  public CompletionStage<Verdict> before(Exchange exchange) {
    lesson = null;
    offer = null;
    state.observe(exchange);
    if (!SessionState.runs(exchange)) {
      return FORWARD;
    }
    List<Analyzed> statements = exchange.statements();
    CompletionStage<Verdict> verdict = FORWARD;
    for (Analyzed analyzed : statements) {
      for (TableName table : Named.in(analyzed.statement(), route.watched())) {
        Statement statement = analyzed.statement();
        boolean select = statement.kind() == Statement.Kind.SELECT;
        if (select && statement.tables().contains(table)) {
          verdict = read(exchange, analyzed, table, statements.size() > 1);
        } else if (select || statement.kind() == Statement.Kind.OTHER) {
          verdict = forward(table, notUnderstood(statement));
        } else {
          verdict = forward(table, "in-write");
        }
      }
    }
    return verdict;
  }

  private CompletionStage<Verdict> read(
      Exchange exchange, Analyzed analyzed, TableName table, boolean amongOthers) {
    Statement statement = analyzed.statement();
    route.census().seen(table, statement.template(), () -> judge(analyzed, table));
    RouteSettings settings = route.settings().get();
    Position position = settings.table(table).position();
    Position.Side side = position.side(bucket, session.user(), session.client());
    if (side == Position.Side.MYSQL) {
      return forward(table, "position");
    }
    Statement.Select select = statement.select();
    if (amongOthers || select == null || statement.tables().size() != 1) {
      return forward(table, amongOthers ? "multi-statement" : notUnderstood(statement));
    }
    if (!exchange.answerable()) {
      return forward(table, "not-answerable");
    }
    Optional<TableMapping> mapping = route.mirror().mapping(table);
    String obstacle = obstacle(table, mapping);
    if (!obstacle.isEmpty() || mapping.isEmpty()) {
      return forward(table, obstacle);
    }
    Read read = new Read(exchange, table, statement, select, analyzed, mapping.get(), settings);
    if (side == Position.Side.BY_LIST && !isWhitelisted(read, position)) {
      return forward(table, "position");
    }
    return session
        .facts()
        .thenCompose(facts -> answer(read, facts))
        .exceptionallyCompose(error -> forward(table, "facts"));
  }

  private String obstacle(TableName table, Optional<TableMapping> mapping) {
    String obstacle = state.obstacle(session);
    if (!obstacle.isEmpty()) {
      return obstacle;
    }
    return route.mirror().unreadable(table).orElse(mapping.isEmpty() ? "no-mapping" : "");
  }

  private static boolean isWhitelisted(Read read, Position position) {
    return read.plan(SessionTerms.ORDINARY)
        .plan()
        .filter(plan -> position.lists().containsAll(read.mapping(), plan.lists()))
        .isPresent();
  }

  /** Why HBase could not answer a SELECT in an ordinary session; null while that is not known. */
  private @Nullable String judge(Analyzed analyzed, TableName table) {
    Statement.Select select = analyzed.statement().select();
    if (select == null || analyzed.statement().tables().size() != 1) {
      return notUnderstood(analyzed.statement());
    }
    return route
        .mirror()
        .mapping(table)
        .map(m -> Planner.plan(select, analyzed.values(), m, SessionTerms.ORDINARY).reason())
        .orElse(null);
  }

  private static String notUnderstood(Statement statement) {
    String opaque = statement.opaque();
    return opaque == null ? "shape" : "opaque-" + opaque;
  }

  private CompletionStage<Verdict> answer(Read read, SessionFacts facts) {
    Planned planned = read.plan(SessionTerms.of(facts));
    if (planned.plan().isEmpty()) {
      return forward(read.table(), planned.reason());
    }
    ReadPlan plan = planned.plan().get();
    MetadataKey key =
        MetadataKey.of(
            read.exchange(),
            read.select(),
            read.statement().template(),
            facts,
            read.mapping().schema());
    Optional<ResultMetadata> frame = route.frames().find(key);
    if (frame.isEmpty()) {
      lesson = new Lesson(read.exchange(), read.table(), key, plan.columns());
      route.tally().mysql(read.table(), "learning");
      return CompletableFuture.completedFuture(Verdict.forwardAndLearn());
    }
    return new HBaseAttempt(route, read.table(), read.mapping(), read.settings())
        .run(plan)
        .thenApply(
            attempted -> {
              if (!attempted.isProven()) {
                route.tally().mysql(read.table(), attempted.unproven());
                return Verdict.forward();
              }
              offer = new Offer(read.exchange(), read.table());
              route.census().answered(read.table(), read.statement().template());
              return Verdict.answer(frame.get(), attempted.rows());
            });
  }

  private CompletionStage<Verdict> forward(TableName table, String reason) {
    route.tally().mysql(table, reason);
    return FORWARD;
  }

  @Override
  public void after(Exchange exchange, Outcome outcome) {
    Lesson learned = lesson;
    lesson = null;
    if (learned != null && learned.exchange() == exchange && !keep(learned, outcome)) {
      route.tally().notLearned(learned.table());
    }
    Offer declined = offer;
    offer = null;
    if (declined != null && declined.exchange() == exchange) {
      route.tally().mysql(declined.table(), "declined");
    }
  }

  private boolean keep(Lesson learned, Outcome outcome) {
    ResultMetadata metadata = outcome.metadata();
    return outcome.ok()
        && metadata != null
        && route.frames().learn(learned.key(), metadata, learned.columns());
  }

  @Override
  public void closed() {
    lesson = null;
    offer = null;
  }
}
