package io.crossfade.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;

import com.mysql.cj.jdbc.JdbcStatement;
import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.mapping.MappingException;
import io.crossfade.api.mapping.Row;
import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.mapping.TableMappings;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.mysql.RowReader;
import io.crossfade.dualwrite.mysql.SchemaReader;
import io.crossfade.dualwrite.mysql.WatchedTable;
import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Invariant I3 on a real MySQL through the real relay and capture: whatever key of a watched table
 * a statement changed was covered by a mark made before the statement was forwarded, and not
 * released before.
 */
@TestInstance(Lifecycle.PER_CLASS)
class CaptureCompletenessIT {
  private static final List<String> NOT_WATCHED =
      List.of("root", "middle", "other", "logged", "plain");
  private static final Pattern FILE = Pattern.compile("\\{file:([^}]*)}");
  private static final Pattern BYTE = Pattern.compile("\\\\x([0-9a-f]{2})");

  @TempDir static Path directory;

  private final RecordedMarks marks = new RecordedMarks();
  private final Map<TableName, TableMapping> mappings = new LinkedHashMap<>();
  private MySqlServer mysql;
  private String schema;
  private Connection direct;
  private DualWrite plugin;
  private Rig rig;

  static List<Scenario> scenarios() throws Exception {
    return Scenario.all();
  }

  @BeforeAll
  void start() throws Exception {
    mysql = SharedServers.mysql();
    schema = mysql.createSchema("complete");
    direct = mysql.connect(schema);
    execute("SET GLOBAL log_bin_trust_function_creators=1, local_infile=1");
    execute("SET lock_wait_timeout=20");
    for (String sql : Scenario.lines("tables.sql")) {
      execute(sql);
    }
    List<TableConfig> configs = new ArrayList<>();
    for (String sql : Scenario.lines("tables.sql")) {
      Matcher table =
          Pattern.compile("CREATE TABLE (`(?:``|[^`])+`|\\w+) \\(`?(\\w+).*").matcher(sql);
      if (table.matches() && !NOT_WATCHED.contains(table.group(1))) {
        configs.add(config(table.group(1).replaceAll("^`|`$", "").replace("``", "`")));
      }
    }
    rig =
        new Rig(
            mysql,
            configs,
            directory,
            Rig.config("127.0.0.1:1", false, DdlPolicy.HOLD, configs.get(0)),
            marks::record);
    plugin = rig.plugin;
    for (TableConfig config : configs) {
      mappings.put(config.name(), plugin.mapping(config.name()).orElseThrow());
    }
  }

  private TableConfig config(String table) throws Exception {
    List<String> problems = new ArrayList<>();
    WatchedTable found =
        SchemaReader.read(direct, new TableName(schema, table), problems)
            .orElseThrow(() -> new AssertionError(problems));
    int first = found.schema().primaryKey().get(0);
    return new TableConfig(
        found.name(),
        "complete",
        Layout.TALL,
        List.of(found.schema().columns().get(first).name()),
        List.of(),
        1);
  }

  @AfterAll
  void stop() throws Exception {
    if (rig != null) {
      rig.close();
    }
    execute("DROP DATABASE " + schema);
    direct.close();
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void everyChangedKeyWasMarkedBefore(Scenario scenario) throws Exception {
    fill();
    plugin.refresh();
    marks.forget();
    boolean changed = false;
    List<String> errors = new ArrayList<>();
    try (Play play = new Play(scenario.latin1())) {
      for (String step : scenario.steps()) {
        Map<TableName, Map<Key, Row>> before = snapshot();
        marks.step();
        try {
          play.step(step);
        } catch (SQLException e) {
          errors.add(step + ": " + e.getMessage());
        }
        if (!step.startsWith("! ") || step.startsWith("! XA")) {
          for (Map.Entry<TableName, Set<Key>> e : changes(before, snapshot()).entrySet()) {
            changed |= !e.getValue().isEmpty();
            for (Key key : e.getValue()) {
              assertThat(marks.covers(e.getKey(), key))
                  .as(
                      "%s changed %s %s %s",
                      step, e.getKey(), Arrays.toString(texts(e, key)), errors)
                  .isTrue();
            }
          }
        }
      }
    } finally {
      repair(scenario);
    }
    assertThat(changed).as("it changes rows; errors: %s", errors).isEqualTo(scenario.changes());
  }

  private String[] texts(Map.Entry<TableName, Set<Key>> changed, Key key) {
    byte[][] values = mapping(changed.getKey()).keyValues(key);
    return Arrays.stream(values)
        .map(v -> new String(v, StandardCharsets.UTF_8))
        .toArray(String[]::new);
  }

  private TableMapping mapping(TableName table) {
    TableMapping mapping = mappings.get(table);
    if (mapping == null) {
      throw new AssertionError(table);
    }
    return mapping;
  }

  /** What a scenario that failed half-way left behind. */
  private void repair(Scenario scenario) {
    for (String step : scenario.steps()) {
      if (step.startsWith("! ")) {
        try {
          execute(step.substring(2));
        } catch (SQLException done) {
          continue;
        }
      }
    }
  }

  private void fill() throws Exception {
    execute("SET foreign_key_checks=0");
    for (String sql : Scenario.lines("tables.sql")) {
      Matcher table = Pattern.compile("CREATE TABLE (`(?:``|[^`])+`|\\w+) .*").matcher(sql);
      if (table.matches()) {
        execute("CREATE TABLE IF NOT EXISTS" + sql.substring("CREATE TABLE".length()));
        execute("TRUNCATE TABLE " + table.group(1));
      }
    }
    for (String sql : Scenario.lines("rows.sql")) {
      execute(sql);
    }
    execute("SET foreign_key_checks=1");
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = direct.createStatement()) {
      statement.execute(sql);
    }
  }

  private Map<TableName, Map<Key, Row>> snapshot() throws SQLException {
    Map<TableName, Map<Key, Row>> all = new HashMap<>();
    execute("SET time_zone='+00:00', character_set_results=NULL");
    for (TableName table : mappings.keySet()) {
      try {
        all.put(table, new RowReader(mapping(table)).page(direct, KeyRange.ALL, 100_000));
      } catch (SQLException changed) {
        all.put(table, anew(table));
      }
    }
    execute("SET character_set_results=utf8mb4");
    return all;
  }

  /** As the table is now defined, if it can be read at all. */
  private Map<Key, Row> anew(TableName table) throws SQLException {
    execute("SET character_set_results=utf8mb4");
    Optional<WatchedTable> now = SchemaReader.read(direct, table, new ArrayList<>());
    execute("SET character_set_results=NULL");
    try {
      return now.isEmpty()
          ? Map.of()
          : new RowReader(TableMappings.create(now.get().schema(), mapping(table).config()))
              .page(direct, KeyRange.ALL, 100_000);
    } catch (MappingException e) {
      return Map.of();
    }
  }

  private static Map<TableName, Set<Key>> changes(
      Map<TableName, Map<Key, Row>> before, Map<TableName, Map<Key, Row>> after) {
    Map<TableName, Set<Key>> changes = new LinkedHashMap<>();
    before.forEach(
        (table, old) -> {
          Map<Key, Row> now = after.getOrDefault(table, Map.of());
          Set<Key> keys = new HashSet<>(old.keySet());
          keys.addAll(now.keySet());
          keys.removeIf(k -> same(old.get(k), now.get(k)));
          changes.put(table, keys);
        });
    return changes;
  }

  private static boolean same(@Nullable Row a, @Nullable Row b) {
    return a != null && b != null && Arrays.deepEquals(a.values(), b.values());
  }

  /** The connections of one scenario. */
  private final class Play implements AutoCloseable {
    private final boolean latin1;
    private final Connection first;
    private @Nullable Connection second;
    private @Nullable PreparedStatement prepared;

    Play(boolean latin1) throws SQLException {
      this.latin1 = latin1;
      this.first = connect();
    }

    private Connection connect() throws SQLException {
      return rig.connect(
          schema,
          "allowMultiQueries=true&allowLoadLocalInfile=true&useServerPrepStmts=true"
              + "&emulateUnsupportedPstmts=false"
              + (latin1 ? "&characterEncoding=ISO-8859-1" : ""));
    }

    void step(String step) throws SQLException {
      String sql = step.replace("{db}", schema).replace("\\t", "\t");
      if (sql.startsWith("! ")) {
        execute(sql.substring(2));
      } else if (sql.startsWith("2> ")) {
        second = second == null ? connect() : second;
        run(second, sql.substring(3));
      } else if (sql.startsWith("? ")) {
        String[] parts = sql.substring(2).split(" \\| ", -1);
        try (PreparedStatement statement = first.prepareStatement(parts[0])) {
          bind(statement, Arrays.asList(parts).subList(1, parts.length));
        }
      } else if (sql.startsWith("prepare: ")) {
        prepared = first.prepareStatement(sql.substring(9));
      } else if (sql.startsWith("execute: ") && prepared != null) {
        bind(prepared, List.of(sql.substring(9)));
      } else if (sql.equals("close")) {
        first.abort(Runnable::run);
        Awaitility.await().until(() -> rig.relay.connections() <= (second == null ? 0 : 1));
      } else if (sql.equals("reset")) {
        first.unwrap(com.mysql.cj.jdbc.JdbcConnection.class).resetServerState();
      } else if (sql.equals("await")) {
        Awaitility.await()
            .atMost(Duration.ofSeconds(5))
            .until(() -> rig.context.reached.containsKey("late_text"));
      } else {
        run(first, sql);
      }
    }

    private void bind(PreparedStatement statement, List<String> values) throws SQLException {
      for (int i = 0; i < values.size(); i++) {
        String value = values.get(i);
        if (value.matches("-?\\d+")) {
          statement.setLong(i + 1, Long.parseLong(value));
        } else {
          statement.setString(i + 1, value.replaceFirst("^s:", ""));
        }
      }
      statement.execute();
    }

    private void run(Connection connection, String sql) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        Matcher file = FILE.matcher(sql);
        String text = sql;
        if (file.find()) {
          statement
              .unwrap(JdbcStatement.class)
              .setLocalInfileInputStream(
                  new ByteArrayInputStream(
                      file.group(1).replace("\\n", "\n").getBytes(StandardCharsets.UTF_8)));
          text = file.replaceFirst("x");
        }
        Matcher bytes = BYTE.matcher(text);
        text =
            latin1
                ? bytes.replaceAll(
                    m ->
                        Matcher.quoteReplacement(
                            String.valueOf((char) Integer.parseInt(m.group(1), 16))))
                : text;
        statement.setEscapeProcessing(false);
        boolean rows = statement.execute(text);
        while (rows || statement.getUpdateCount() != -1) {
          rows = statement.getMoreResults();
        }
      }
    }

    @Override
    public void close() throws SQLException {
      if (!first.isClosed()) {
        first.close();
      }
      if (second != null) {
        second.close();
      }
    }
  }
}
