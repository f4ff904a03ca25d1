package io.crossfade.readswitch.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.Row;
import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.api.mapping.TableMappings;
import io.crossfade.api.plugin.Exchange;
import io.crossfade.api.plugin.Outcome;
import io.crossfade.api.plugin.ResultMetadata;
import io.crossfade.api.plugin.SessionFacts;
import io.crossfade.api.plugin.SessionView.TransactionState;
import io.crossfade.api.plugin.Verdict;
import io.crossfade.readswitch.Follower;
import io.crossfade.readswitch.census.Census;
import io.crossfade.readswitch.position.ListWhitelist;
import io.crossfade.readswitch.position.Position;
import io.crossfade.readswitch.route.Fakes.Command;
import io.crossfade.readswitch.rows.ReadResult;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadInterceptorTest {
  private static final String POINT =
      "SELECT status FROM follower WHERE user_id=1 AND follower_id=2";
  private static final List<Row> ROWS = List.of(new Row(new byte[][] {Follower.ascii("1")}));
  private static final ResultMetadata FRAME = Fakes.frame(2, 0, "status");

  private final Fakes.Session session = new Fakes.Session();
  private final Fakes.Mirror mirror = new Fakes.Mirror(Follower.mapping(Layout.WIDE));
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Deque<CompletableFuture<ReadResult>> reads = new ArrayDeque<>();
  private final AtomicLong nanos = new AtomicLong();
  private final Semaphore places = new Semaphore(2);
  private RouteSettings settings = settings(position("100"), Duration.ofSeconds(20));
  private final Route route =
      new Route(
          Set.of(Follower.NAME),
          mirror,
          (mapping, read, abandoned) ->
              reads.isEmpty() ? done(ReadResult.proven(ROWS)) : reads.remove(),
          new MetadataCache(nanos::get),
          new Census(),
          new ReadTally(meters),
          new CircuitBreaker(nanos::get),
          places,
          () -> settings);
  private final ReadInterceptor interceptor = new ReadInterceptor(route, session);

  @Test
  void learnsTheFrameFromMySqlAndThenAnswers() {
    assertThat(before(POINT)).isEqualTo("learn");
    assertThat(before(POINT)).isEqualTo("learn");
    learn(POINT, FRAME);
    assertThat(before(POINT)).isEqualTo("answer");
    assertThat(count("mysql", "learning")).isEqualTo(3);
    assertThat(count("hbase", "answered")).isEqualTo(1);
    assertThat(mirror.asked).hasSize(1);
  }

  @Test
  void theAnswerIsMySqlsFrameAndHBasesRows() {
    learn(POINT, FRAME);
    Verdict verdict = join(interceptor.before(Command.query(session, POINT)));
    assertThat(verdict).isEqualTo(Verdict.answer(FRAME, ROWS));
  }

  @Test
  void anotherValueUsesTheSameFrame() {
    learn(POINT, FRAME);
    assertThat(before("SELECT status FROM follower WHERE user_id=9 AND follower_id=8"))
        .isEqualTo("answer");
  }

  @Test
  void whateverTheFrameDependsOnIsLearnedAgain() {
    learn(POINT, FRAME);
    assertThat(before("SELECT Status FROM follower WHERE user_id=1 AND follower_id=2"))
        .isEqualTo("learn");
    session.facts = done(facts("ann@%", "NONE", "utf8mb4"));
    assertThat(before(POINT)).isEqualTo("learn");
    session.facts = done(facts("app@%", "reader@%", "utf8mb4"));
    assertThat(before(POINT)).isEqualTo("learn");
    session.facts = done(facts("app@%", "NONE", ""));
    assertThat(before(POINT)).isEqualTo("learn");
    session.facts = done(Fakes.FACTS);
    Command binary =
        new Command(session, Exchange.Protocol.BINARY, 0x17, List.of(Follower.analyzed(POINT)));
    assertThat(describe(join(interceptor.before(binary)))).isEqualTo("learn");
    assertThat(before(POINT)).isEqualTo("answer");
  }

  @Test
  void aFrameIsProvenAgainAfterAMinute() {
    learn(POINT, FRAME);
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(61));
    assertThat(before(POINT)).isEqualTo("learn");
  }

  @Test
  void aFrameThatIsNotThatOfTheTablesColumnsIsNotKept() {
    learn(POINT, Fakes.frame(2, 0, "user_id"));
    learn(POINT, Fakes.frame(2, 0, "status", "status"));
    learn(POINT, Fakes.frame(2, 1, "status"));
    learn(POINT, Fakes.frame(2 | 0x40, 0, "status"));
    learn(POINT, Fakes.frame(2 | 1, 0, "status"));
    learn(POINT, Fakes.frame(0, 0, "status"));
    learn(
        POINT,
        new ResultMetadata(List.of(new byte[] {3}), Fakes.eof(2, 0), 0, Exchange.Protocol.TEXT));
    learn(
        POINT,
        new ResultMetadata(
            List.of(Fakes.definition("social", "other", "status")),
            Fakes.eof(2, 0),
            0,
            Exchange.Protocol.TEXT));
    assertThat(before(POINT)).isEqualTo("learn");
  }

  @Test
  void aFailedAnswerTeachesNothing() {
    Command command = Command.query(session, POINT);
    join(interceptor.before(command));
    interceptor.after(command, new Outcome(1142, false, 0, 0, FRAME));
    assertThat(before(POINT)).isEqualTo("learn");
  }

  @Test
  void whoIsNotInThePercentageReadsFromMySqlAndMySqlIsNotAsked() {
    settings = settings(position("0"), Duration.ofSeconds(20));
    assertThat(before(POINT)).isEqualTo("forward");
    assertThat(count("mysql", "position")).isEqualTo(1);
    assertThat(session.factsAsked).isZero();
    assertThat(route.census().status(Follower.NAME))
        .containsEntry("selects", 1L)
        .extracting("templates")
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.list(Map.class))
        .first()
        .isEqualTo(
            Map.of(
                "template",
                Follower.analyzed(POINT).statement().template(),
                "seen",
                1L,
                "share",
                1.0,
                "byHBase",
                0L,
                "answerable",
                "yes",
                "reason",
                ""));
  }

  @Test
  void anOpenSessionFollowsAReloadAtItsNextStatement() {
    learn(POINT, FRAME);
    settings = settings(position("0"), Duration.ofSeconds(20));
    assertThat(before(POINT)).isEqualTo("forward");
    settings = settings(position("100"), Duration.ofSeconds(20));
    assertThat(before(POINT)).isEqualTo("answer");
  }

  @Test
  void aWhitelistedListIsAnsweredAtZeroPercent() {
    settings =
        settings(
            Position.of(BigDecimal.ZERO, Set.of(), List.of(), new ListWhitelist(List.of("1"))),
            Duration.ofSeconds(20));
    learn(POINT, FRAME);
    assertThat(before(POINT)).isEqualTo("answer");
    assertThat(before("SELECT status FROM follower WHERE user_id=2 AND follower_id=2"))
        .isEqualTo("forward");
    assertThat(before("SELECT status FROM follower WHERE (user_id,follower_id) IN ((1,2),(2,2))"))
        .isEqualTo("forward");
    assertThat(count("mysql", "position")).isEqualTo(2);
  }

  @Test
  void aDirtyKeyIsReadFromMySql() {
    learn(POINT, FRAME);
    mirror.clean = false;
    assertThat(before(POINT)).isEqualTo("forward");
    assertThat(count("mysql", "dirty")).isEqualTo(1);
  }

  @Test
  void aKeyMarkedDuringTheReadIsReadFromMySql() {
    learn(POINT, FRAME);
    CompletableFuture<ReadResult> read = new CompletableFuture<>();
    reads.add(read);
    CompletableFuture<Verdict> verdict =
        interceptor.before(Command.query(session, POINT)).toCompletableFuture();
    assertThat(verdict).isNotDone();
    mirror.stillClean = false;
    read.complete(ReadResult.proven(ROWS));
    assertThat(describe(verdict.join())).isEqualTo("forward");
    assertThat(count("mysql", "raced")).isEqualTo(1);
    assertThat(count("hbase", "answered")).isZero();
  }

  @Test
  void whatWasPlannedUnderAFormerMappingIsReadFromMySql() {
    learn(POINT, FRAME);
    mirror.onClean =
        () ->
            mirror.mapping = TableMappings.create(mirror.mapping.schema(), mirror.mapping.config());
    assertThat(before(POINT)).isEqualTo("forward");
    assertThat(count("mysql", "mapping-changed")).isEqualTo(1);
    mirror.onClean = () -> {};
  }

  @Test
  void aLateHBaseIsNotWaitedForAndItsAnswerIsDropped() {
    learn(POINT, FRAME);
    settings = settings(position("100"), Duration.ofMillis(20));
    CompletableFuture<ReadResult> read = new CompletableFuture<>();
    reads.add(read);
    assertThat(before(POINT)).isEqualTo("forward");
    assertThat(count("mysql", "time-limit")).isEqualTo(1);
    assertThat(places.availablePermits()).isEqualTo(1);
    read.complete(ReadResult.proven(ROWS));
    assertThat(places.availablePermits()).isEqualTo(2);
    assertThat(count("hbase", "answered")).isZero();
  }

  @Test
  void readsInFlightAreBounded() {
    learn(POINT, FRAME);
    reads.add(new CompletableFuture<>());
    reads.add(new CompletableFuture<>());
    interceptor.before(Command.query(session, POINT));
    interceptor.before(Command.query(session, POINT));
    assertThat(before(POINT)).isEqualTo("forward");
    assertThat(count("mysql", "saturated")).isEqualTo(1);
  }

  @Test
  void anErrorOfHBaseIsNotSeenAndOpensTheBreaker() {
    learn(POINT, FRAME);
    for (int i = 0; i < 3; i++) {
      reads.add(CompletableFuture.failedFuture(new java.io.IOException("region moved")));
      assertThat(before(POINT)).isEqualTo("forward");
    }
    assertThat(count("mysql", "hbase-error")).isEqualTo(3);
    assertThat(before(POINT)).isEqualTo("forward");
    assertThat(count("mysql", "breaker-open")).isEqualTo(1);
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(5));
    assertThat(before(POINT)).isEqualTo("answer");
    assertThat(places.availablePermits()).isEqualTo(2);
  }

  @Test
  void aTieIsLeftToMySql() {
    String page = "SELECT status FROM follower WHERE user_id=1 ORDER BY created_at DESC LIMIT 2";
    learn(page, FRAME);
    reads.add(done(ReadResult.unproven("tie")));
    assertThat(before(page)).isEqualTo("forward");
    assertThat(count("mysql", "tie")).isEqualTo(1);
  }

  @Test
  void insideATransactionMySqlIsRead() {
    learn(POINT, FRAME);
    session.transaction = TransactionState.OPEN;
    assertThat(before(POINT)).isEqualTo("forward");
    session.transaction = TransactionState.UNKNOWN;
    assertThat(before(POINT)).isEqualTo("forward");
    session.transaction = TransactionState.NONE;
    session.autocommit = false;
    assertThat(before(POINT)).isEqualTo("forward");
    assertThat(count("mysql", "in-transaction")).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TEMPORARY TABLE follower (x INT)",
        "LOCK TABLES follower READ",
        "CALL refresh(1)",
      })
  void aSessionThatMaySeeAnotherTableReadsFromMySqlUntilItIsReset(String sql) {
    learn(POINT, FRAME);
    before(sql);
    assertThat(before(POINT)).isEqualTo("forward");
    assertThat(count("mysql", "session-state")).isEqualTo(1);
    interceptor.before(new Command(session, Exchange.Protocol.TEXT, 0x1F, List.of()));
    assertThat(before(POINT)).isEqualTo("answer");
  }

  @Test
  void anUnreadableMirrorIsNotRead() {
    learn(POINT, FRAME);
    mirror.unreadable = java.util.Optional.of("not-verified");
    assertThat(before(POINT)).isEqualTo("forward");
    assertThat(count("mysql", "not-verified")).isEqualTo(1);
  }

  @Test
  void sessionVariablesThatCannotBeHadLeaveTheReadToMySql() {
    session.facts = CompletableFuture.failedFuture(new IllegalStateException("gone"));
    assertThat(before(POINT)).isEqualTo("forward");
    assertThat(count("mysql", "facts")).isEqualTo(1);
  }

  @Test
  void whatIsNotASingleUnderstoodSelectGoesToMySqlWithItsReason() {
    before(POINT, POINT);
    before("SELECT status+1 FROM follower WHERE user_id=1");
    before("UPDATE follower SET status=1 WHERE user_id=1");
    before("SELECT 1 FROM elsewhere");
    assertThat(count("mysql", "multi-statement")).isEqualTo(2);
    assertThat(count("mysql", "shape") + count("mysql", "opaque-parser")).isEqualTo(1);
    assertThat(route.mysqlReadsSince(Follower.NAME, Instant.now().minusSeconds(60))).isEqualTo(3);
    assertThat(route.percentage(Follower.NAME)).isEqualTo(100.0);
  }

  @Test
  void whatTheProxyCannotTakeAnAnswerForIsNotCountedAsHBases() {
    learn(POINT, FRAME);
    before(POINT);
    Command cursor =
        new Command(session, Exchange.Protocol.TEXT, 3, List.of(Follower.analyzed(POINT)), false);
    assertThat(describe(join(interceptor.before(cursor)))).isEqualTo("forward");
    assertThat(count("hbase", "answered")).isEqualTo(1);
    assertThat(count("mysql", "not-answerable")).isEqualTo(1);
    assertThat(needed()).isEqualTo(1);
  }

  @Test
  void anAnswerThatTheProxyDeclinesNeedsMySql() {
    learn(POINT, FRAME);
    Command command = Command.query(session, POINT);
    assertThat(describe(join(interceptor.before(command)))).isEqualTo("answer");
    interceptor.after(command, new Outcome(0, false, 0, 0, null));
    assertThat(count("mysql", "declined")).isEqualTo(1);
    assertThat(needed()).isEqualTo(1);
  }

  @Test
  void whatHBaseAnswersOtherwiseDoesNotNeedMySql() {
    learn(POINT, FRAME);
    assertThat(needed()).as("learning, and nothing answered yet").isEqualTo(1);
    before(POINT);
    before(POINT);
    before(POINT);
    mirror.clean = false;
    before(POINT);
    mirror.clean = true;
    mirror.stillClean = false;
    before(POINT);
    assertThat(count("mysql", "raced") + count("mysql", "dirty")).isEqualTo(2);
    assertThat(needed()).as("three of six").isZero();
    before(POINT);
    assertThat(needed()).as("four of seven: the rule, not the exception").isEqualTo(4);
  }

  @Test
  void whatIsNeverLearnedNeedsMySql() {
    learn(POINT, FRAME);
    before(POINT);
    before(POINT);
    String other = "SELECT note FROM follower WHERE user_id=1 AND follower_id=2";
    learn(other, Fakes.frame(2 | 0x800, 0, "note"));
    assertThat(needed()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT status FROM FOLLOWER WHERE user_id=1",
        "SELECT status FROM Social.follower WHERE user_id=1",
        "SELECT /*!80000 status */ FROM `follower` WHERE user_id=1",
        "INSERT INTO elsewhere SELECT * FROM follower",
        "DELETE e FROM elsewhere e JOIN follower f ON e.id=f.user_id",
      })
  void aReadThatOnlyMySqlUnderstandsNeedsMySql(String sql) {
    assertThat(before(sql)).isEqualTo("forward");
    assertThat(needed()).isEqualTo(1);
  }

  @Test
  void theStatusShowsPositionCountsAndLatency() {
    learn(POINT, FRAME);
    before(POINT);
    Map<String, Object> status = route.status(Follower.NAME);
    assertThat(status)
        .containsEntry("percentage", new BigDecimal("100"))
        .containsEntry("mysql", 1L)
        .containsEntry("hbase", 1L)
        .containsEntry("reasons", Map.of("learning", 1L))
        .containsEntry("breaker", "closed");
    assertThat(status).extracting("hbaseLatencyMicros").asString().contains("p50", "p99");
  }

  private void learn(String sql, ResultMetadata frame) {
    Command command = Command.query(session, sql);
    assertThat(describe(join(interceptor.before(command)))).isEqualTo("learn");
    interceptor.after(command, new Outcome(0, false, 0, 0, frame));
  }

  private String before(String... sql) {
    return describe(join(interceptor.before(Command.query(session, sql))));
  }

  private static Verdict join(java.util.concurrent.CompletionStage<Verdict> stage) {
    return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }

  private static String describe(Verdict verdict) {
    return verdict.match(f -> f.learn() ? "learn" : "forward", a -> "answer", r -> "refuse");
  }

  private long needed() {
    return route.mysqlReadsSince(Follower.NAME, Instant.now().minusSeconds(60));
  }

  private long count(String side, String reason) {
    var counter = meters.find(ReadTally.READS).tags("side", side, "reason", reason).counter();
    return counter == null ? 0 : (long) counter.count();
  }

  private static <T> CompletableFuture<T> done(T value) {
    return CompletableFuture.completedFuture(value);
  }

  private static SessionFacts facts(String account, String role, String results) {
    return new SessionFacts(
        "", "UTC", results, "utf8mb4", "18446744073709551615", "REPEATABLE-READ", account, role);
  }

  private static Position position(String percentage) {
    return Position.of(new BigDecimal(percentage), Set.of(), List.of(), ListWhitelist.NONE);
  }

  private static RouteSettings settings(Position position, Duration limit) {
    return new RouteSettings(
        Map.of(Follower.NAME, new RouteSettings.Table(position, limit)), 3, Duration.ofSeconds(5));
  }
}
