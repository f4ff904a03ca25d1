package io.crossfade.dualwrite.witness;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.mapping.Row;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.dirty.Picked;
import io.crossfade.dualwrite.dirty.PickedRange;
import io.crossfade.dualwrite.mysql.RowReader;
import io.crossfade.sandbox.EmbeddedMySql;
import io.crossfade.sandbox.MySqlOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranges of a session's statements, exchanged for the keys that the binlog shows. */
class WitnessedIT {
  private static final int ROWS = 60;
  private static EmbeddedMySql mysql;

  @TempDir Path directory;
  private TableName table;

  @BeforeAll
  static void start() {
    mysql = EmbeddedMySql.start(MySqlOptions.temporary());
  }

  @AfterAll
  static void stop() {
    mysql.close();
  }

  @BeforeEach
  void fill() throws SQLException {
    String schema = mysql.createSchema("witnessed");
    table = new TableName(schema, "follower");
    StringBuilder rows = new StringBuilder("INSERT INTO follower VALUES ");
    for (int i = 0; i < ROWS; i++) {
      rows.append(i == 0 ? "" : ",")
          .append("(%d, %d, %d, %d)".formatted(i % 5 + 1, i, i % 7, 1000 + i));
    }
    execute(
        "CREATE TABLE account (id BIGINT PRIMARY KEY)",
        "INSERT INTO account VALUES (1), (2), (3), (4), (5)",
        "CREATE TABLE follower (user_id BIGINT, follower_id BIGINT, status INT, mark INT, PRIMARY"
            + " KEY (user_id, follower_id), UNIQUE KEY (mark))",
        rows.toString(),
        "CREATE PROCEDURE age() UPDATE follower SET status=status+1 WHERE status<3",
        "CREATE TABLE feed (id BIGINT PRIMARY KEY)",
        "CREATE TRIGGER fed AFTER INSERT ON feed FOR EACH ROW UPDATE follower SET status=50 WHERE"
            + " user_id=NEW.id");
  }

  private void execute(String... statements) throws SQLException {
    try (Connection connection = mysql.connect(table.schema());
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private WitnessFixture witness() throws Exception {
    return new WitnessFixture(mysql, table, directory).reading();
  }

  /** The table's rows by key, as text. */
  private static Map<Key, String> rows(WitnessFixture run) throws Exception {
    Map<Key, String> rows = new HashMap<>();
    run.pool()
        .with(
            connection ->
                new RowReader(run.lane().mapping()).page(connection, KeyRange.ALL, 10_000))
        .forEach((key, row) -> rows.put(key, text(row)));
    return rows;
  }

  private static String text(Row row) {
    StringBuilder text = new StringBuilder();
    for (byte[] value : row.values()) {
      text.append(value == null ? "NULL" : new String(value, StandardCharsets.UTF_8)).append(' ');
    }
    return text.toString();
  }

  private static Set<Key> changed(Map<Key, String> before, Map<Key, String> after) {
    Set<Key> changed = new TreeSet<>();
    before.forEach(
        (key, row) -> {
          if (!row.equals(after.get(key))) {
            changed.add(key);
          }
        });
    after.keySet().stream().filter(key -> !before.containsKey(key)).forEach(changed::add);
    return changed;
  }

  private static void awaitNarrowed(WitnessFixture run) {
    Awaitility.await()
        .atMost(WitnessFixture.SOON)
        .until(() -> run.store().ranges(run.lane().table()).isEmpty());
  }

  private static void awaitReleased(WitnessFixture run) {
    List<PickedRange> picked = new ArrayList<>();
    Awaitility.await()
        .atMost(WitnessFixture.SOON)
        .until(
            () -> {
              assertThat(run.store().ranges(run.lane().table())).as("must stay").isNotEmpty();
              picked.addAll(run.store().pickRanges(run.lane().table(), 10));
              return !picked.isEmpty();
            });
    assertThat(picked).allMatch(PickedRange::removable);
    picked.forEach(run.store()::done);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE follower SET status=99 WHERE status=3",
        "UPDATE follower SET follower_id=follower_id+1000 WHERE status=2",
        "DELETE FROM follower WHERE status=1",
        "DELETE FROM follower WHERE user_id=2 ORDER BY mark LIMIT 3",
        "INSERT INTO follower SELECT user_id+10, follower_id, 0, NULL FROM follower WHERE status=4",
        "REPLACE INTO follower VALUES (4, 99, 0, 1001)",
        "INSERT INTO follower VALUES (4, 99, 0, 1001) ON DUPLICATE KEY UPDATE status=77",
        "UPDATE follower JOIN account ON id=user_id SET status=98 WHERE id=3",
        "INSERT INTO feed VALUES (3)"
      })
  void aStatementThatNamesNoKeysEndsWithThoseItHasChanged(String sql) throws Exception {
    try (WitnessFixture run = witness();
        ProxiedSession session = run.session()) {
      Map<Key, String> before = rows(run);
      session.run(sql);
      Set<Key> changed = changed(before, rows(run));
      assertThat(changed).isNotEmpty().hasSizeLessThan(ROWS);
      assertThat(changed).as("at once").allMatch(run::isDirty);
      awaitNarrowed(run);
      assertThat(run.clean()).hasSameElementsAs(changed);
      assertThat(run.report()).containsEntry("witnessed", 1L).containsEntry("table", 0L);
    }
  }

  @Test
  void aTransactionIsNarrowedAsAWhole() throws Exception {
    try (WitnessFixture run = witness();
        ProxiedSession session = run.session()) {
      Map<Key, String> before = rows(run);
      session.run(
          "BEGIN",
          "UPDATE follower SET status=99 WHERE status=3",
          "INSERT INTO follower VALUES (9, 9, 9, 9)",
          "DELETE FROM follower WHERE status=1");
      assertThat(run.wholeIsDirty()).isTrue();
      session.run("COMMIT");
      awaitNarrowed(run);
      assertThat(run.clean()).hasSameElementsAs(changed(before, rows(run)));
      assertThat(run.report()).containsEntry("witnessed", 2L);
    }
  }

  @Test
  void aTransactionThatWasRolledBackLeavesNothingDirty() throws Exception {
    try (WitnessFixture run = witness();
        ProxiedSession session = run.session()) {
      session.run("BEGIN", "UPDATE follower SET status=99 WHERE status=3", "ROLLBACK");
      awaitNarrowed(run);
      assertThat(run.clean()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET sql_log_bin=0",
        "SET @@session.`sql_log_bin` = 0",
        "PREPARE s FROM 'SET sql_log_bin=0'; EXECUTE s",
        "SET pseudo_thread_id=12345",
        "CALL age()",
        "SET binlog_format=STATEMENT",
        "BEGIN; DELETE FROM account WHERE id=2"
      })
  void theRangeStaysWhenTheBinlogMayNotShowAllOfTheSession(String sql) throws Exception {
    execute(
        "ALTER TABLE follower ADD FOREIGN KEY (user_id) REFERENCES account (id) ON DELETE"
            + " CASCADE");
    try (WitnessFixture run = witness();
        ProxiedSession session = run.session()) {
      session.run(sql.split("; ", -1));
      session.run("UPDATE follower SET status=99 WHERE status=3", "COMMIT");
      awaitReleased(run);
      assertThat(run.report()).containsEntry("witnessed", 0L);
    }
  }

  /** Of two steps: nothing in the binlog names the watched table. */
  @Test
  void aCascadeThatWasDefinedAMomentAgoIsNotMissed() throws Exception {
    execute(
        "CREATE TABLE region (id BIGINT PRIMARY KEY)",
        "INSERT INTO region SELECT id FROM account",
        "ALTER TABLE follower ADD FOREIGN KEY (user_id) REFERENCES account (id) ON DELETE"
            + " CASCADE");
    try (WitnessFixture run = witness();
        ProxiedSession session = run.session()) {
      session.run("BEGIN", "UPDATE follower SET status=99 WHERE status=3", "COMMIT");
      awaitNarrowed(run);
      execute("ALTER TABLE account ADD FOREIGN KEY (id) REFERENCES region (id) ON DELETE CASCADE");
      session.run(
          "BEGIN",
          "UPDATE follower SET status=98 WHERE status=2",
          "DELETE FROM region WHERE id=2",
          "COMMIT");
      awaitReleased(run);
    }
  }

  @Test
  void rangesStayWhenTheBinlogConnectionIsLostAndAreNarrowedAgainAfterwards() throws Exception {
    try (WitnessFixture run = witness();
        ProxiedSession session = run.session()) {
      session.run("BEGIN", "UPDATE follower SET status=99 WHERE status=3");
      killDumpThreads();
      run.await("reading", false);
      run.reading();
      session.run("COMMIT");
      awaitReleased(run);
      run.clean();
      session.run("UPDATE follower SET status=status+1 WHERE status>10");
      awaitNarrowed(run);
      assertThat(run.report()).containsEntry("witnessed", 1L);
    }
  }

  private static void killDumpThreads() throws SQLException {
    try (Connection connection = mysql.connect("mysql");
        Statement statement = connection.createStatement()) {
      List<Long> threads = new ArrayList<>();
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT ID FROM information_schema.PROCESSLIST WHERE COMMAND LIKE 'Binlog Dump%'")) {
        while (rows.next()) {
          threads.add(rows.getLong(1));
        }
      }
      for (long thread : threads) {
        statement.execute("KILL " + thread);
      }
    }
  }

  /** A mirror of a map in place of HBase, which re-reads what it is told is dirty. */
  @Test
  void whatIsReReadAfterNarrowingMissesNothingUnderConcurrentRangeWrites() throws Exception {
    int writers = 4;
    int transactions = 120;
    try (WitnessFixture run = witness()) {
      Map<Key, String> mirrored = rows(run);
      ExecutorService pool = Executors.newFixedThreadPool(writers);
      List<Future<?>> running = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        int seed = w;
        running.add(pool.submit(() -> write(run, new Random(seed), transactions)));
      }
      pool.shutdown();
      boolean over = false;
      while (!over) {
        boolean written = running.stream().allMatch(Future::isDone);
        over = written && run.store().stats(table).keys() + run.store().stats(table).ranges() == 0;
        mirror(run, mirrored);
      }
      for (Future<?> one : running) {
        one.get();
      }
      assertThat(mirrored).isEqualTo(rows(run));
      Map<String, Object> report = run.report();
      assertThat((Long) report.get("witnessed"))
          .as(report.toString())
          .isGreaterThan(writers * transactions / 4L);
    }
  }

  private static Void write(WitnessFixture run, Random random, int transactions)
      throws SQLException {
    try (ProxiedSession session = run.session()) {
      for (int i = 0; i < transactions; i++) {
        int status = random.nextInt(7);
        int user = random.nextInt(5) + 1;
        boolean transaction = random.nextBoolean();
        if (transaction) {
          session.run("BEGIN");
        }
        session.run(
            switch (random.nextInt(4)) {
              case 0 -> "UPDATE follower SET status=%d WHERE status=%d".formatted(user, status);
              case 1 -> "DELETE FROM follower WHERE user_id=%d LIMIT 2".formatted(user);
              case 2 ->
                  "INSERT IGNORE INTO follower SELECT %d, follower_id+%d, %d, NULL FROM follower LIMIT 5"
                      .formatted(user, random.nextInt(100), status);
              default ->
                  "UPDATE IGNORE follower SET follower_id=follower_id+%d WHERE status=%d LIMIT 3"
                      .formatted(random.nextInt(50), status);
            });
        if (transaction) {
          session.run(random.nextInt(4) == 0 ? "ROLLBACK" : "COMMIT");
        }
      }
    }
    return null;
  }

  private void mirror(WitnessFixture run, Map<Key, String> mirrored) throws Exception {
    List<Picked> keys = run.store().pick(table, 1000);
    List<PickedRange> ranges = run.store().pickRanges(table, 10);
    Map<Key, String> now = rows(run);
    for (Picked picked : keys) {
      mirrored.remove(picked.key());
      if (now.containsKey(picked.key())) {
        mirrored.put(picked.key(), now.get(picked.key()));
      }
      run.store().done(picked);
    }
    for (PickedRange picked : ranges) {
      mirrored.keySet().removeIf(key -> picked.range().contains(key));
      now.forEach(
          (key, row) -> {
            if (picked.range().contains(key)) {
              mirrored.put(key, row);
            }
          });
      run.store().done(picked);
    }
  }
}
