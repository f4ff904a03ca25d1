package io.crossfade.dualwrite.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.Row;
import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.mapping.TableMappings;
import io.crossfade.api.plugin.Exchange.Protocol;
import io.crossfade.api.plugin.Outcome;
import io.crossfade.api.sql.DruidSqlAnalyzer;
import io.crossfade.api.sql.SqlAnalyzer.Analyzed;
import io.crossfade.api.sql.SqlMode;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.mysql.GeneratedKeys;
import io.crossfade.dualwrite.mysql.SchemaReader;
import io.crossfade.dualwrite.mysql.WatchedTable;
import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys that real MySQL names are those of the rows that the statement really changes. */
class NarrowingIT {
  private static final DruidSqlAnalyzer ANALYZER = new DruidSqlAnalyzer();

  private static MySqlServer mysql;
  private static String schema;
  private static Connection connection;

  @BeforeAll
  static void connect() throws Exception {
    mysql = SharedServers.mysql();
    schema = mysql.createSchema("narrow");
    connection = mysql.connect(schema);
  }

  @AfterAll
  static void disconnect() throws Exception {
    connection.close();
  }

  @BeforeEach
  void tables() throws Exception {
    connection.setAutoCommit(true);
    execute("DROP TABLE IF EXISTS item, child, mother");
    execute(
        "CREATE TABLE item (list BIGINT NOT NULL, name VARBINARY(20) NOT NULL, day DATE NOT NULL, v"
            + " INT, t VARCHAR(20), d DATETIME, u DECIMAL(10,2), PRIMARY KEY (list, name, day), KEY"
            + " (v), KEY (t))");
    for (int i = 0; i < 60; i++) {
      execute(
          "INSERT INTO item VALUES (%d, 'n%d', '2026-01-%02d', %s, '%s', '2026-01-01 00:00:%02d', %d.5)"
              .formatted(
                  i % 5 - 2, i, i % 28 + 1, i % 7 == 0 ? "NULL" : i % 6, "T" + i % 4, i, i % 9));
    }
  }

  private static void execute(String sql) throws SQLException {
    try (Statement s = connection.createStatement()) {
      s.execute(sql);
    }
  }

  private static WatchedTable watched(String table) throws SQLException {
    return SchemaReader.read(connection, new TableName(schema, table), new ArrayList<>())
        .orElseThrow();
  }

  private static CaptureTable capture(WatchedTable w, String list) {
    TableMapping mapping =
        TableMappings.create(
            w.schema(),
            new TableConfig(w.name(), "t", TableConfig.Layout.TALL, List.of(list), List.of(), 4));
    return new CaptureTable(
        w.name(),
        mapping,
        w.otherUniqueKeys(),
        w.beforeInsertTrigger(),
        w.beforeUpdateTrigger(),
        w.generatedKeys());
  }

  private static Mark plan(CaptureTable table, String sql) {
    Analyzed a =
        ANALYZER.analyze(sql.getBytes(StandardCharsets.UTF_8), schema, SqlMode.DEFAULT).get(0);
    CaptureCatalogue catalogue = new CaptureCatalogue("uuid", List.of(table), Map.of(), Set.of());
    return new CapturePlanner(catalogue).plan(a).get(0);
  }

  private static Map<Key, String> content(TableMapping mapping) throws SQLException {
    Map<Key, String> rows = new TreeMap<>();
    try (Statement s = connection.createStatement();
        ResultSet r =
            s.executeQuery(
                "SELECT " + mapping.selectList() + " FROM `" + mapping.table().table() + "`")) {
      int columns = r.getMetaData().getColumnCount();
      while (r.next()) {
        byte[][] values = new byte[columns][];
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < columns; i++) {
          values[i] = r.getBytes(i + 1);
          text.append(r.getString(i + 1)).append('|');
        }
        rows.put(mapping.key(new Row(values)), text.toString());
      }
    }
    return rows;
  }

  private static List<Row> rows(byte[] sql) throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (Statement s = connection.createStatement();
        ResultSet r = s.executeQuery(new String(sql, StandardCharsets.UTF_8))) {
      int columns = r.getMetaData().getColumnCount();
      while (r.next()) {
        byte[][] values = new byte[columns][];
        for (int i = 0; i < columns; i++) {
          values[i] = r.getBytes(i + 1);
        }
        rows.add(new Row(values));
      }
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE FROM item WHERE v = 3",
        "DELETE FROM item WHERE v IS NULL OR t = 't2'",
        "DELETE FROM item WHERE list = -1 AND v > 2",
        "DELETE FROM item WHERE name LIKE 'n1%' AND NOT v = 1",
        "DELETE FROM item AS i WHERE i.d BETWEEN '2026-01-01 00:00:10' AND TIMESTAMP'2026-01-01 00:00:20'",
        "DELETE FROM item WHERE u IN (1.5, 25e-1, 3) AND day > DATE'2026-01-03'",
        "DELETE FROM item WHERE name = X'6e31' OR t = _utf8mb4'x' OR v = -1",
        "DELETE FROM item WHERE name > X'6e31'",
        "DELETE FROM item WHERE LENGTH(name) - 2 = 1 AND (v + 1) MOD 2 = 0",
        "DELETE FROM item WHERE CONCAT(t, 'a''b') = 'T1a''b'",
        "DELETE FROM item WHERE v - -1 > 4",
        "DELETE FROM item",
        "UPDATE item SET v = 77 WHERE t = 'T3'",
        "UPDATE item SET v = v + 1, t = 'x' WHERE v < 4 AND list <> 0",
        "UPDATE item SET list = 9 WHERE v = 2",
        "UPDATE item SET day = '2027-01-01' WHERE v = 2 AND list = 1",
        "UPDATE item SET t = (SELECT 'y') WHERE v = 2"
      })
  void theKeysAskedForCoverWhatTheStatementChanges(String sql) throws Exception {
    CaptureTable table = capture(watched("item"), "list");
    TableMapping mapping = Objects.requireNonNull(table.mapping());
    Mark range = plan(table, sql);
    assertThat(range.ranges()).as("needs asking").isNotEmpty();
    Question question = (Question) Objects.requireNonNull(range.narrowing());
    connection.setAutoCommit(false);
    Map<Key, String> before = content(mapping);
    var text = question.sql(Protocol.TEXT, null);
    if (text.isEmpty()) {
      assertThat(sql).as("not asked").contains("_utf8mb4'x'");
      return;
    }
    List<Row> rows = rows(text.get());
    Optional<Mark> named = question.mark(rows);
    if (named.isEmpty()) {
      connection.rollback();
      assertThat(sql).as("a new key that is not certain").contains("SET day = '2027");
      return;
    }
    Mark keys = named.get();
    int changed;
    try (Statement s = connection.createStatement()) {
      changed = s.executeUpdate(sql);
    }
    Map<Key, String> after = content(mapping);
    connection.rollback();
    assertThat(changed).as("matched rows").isEqualTo(rows.size()).isPositive();
    Set<Key> differing = new HashSet<>(before.keySet());
    differing.addAll(after.keySet());
    differing.removeIf(k -> before.containsKey(k) && before.get(k).equals(after.get(k)));
    assertThat(keys.keys()).containsAll(differing);
    assertThat(keys.keys().size()).isLessThanOrEqualTo(2 * changed);
  }

  @Test
  void theOkNamesTheKeysOfAnInsert() throws Exception {
    execute("DROP TABLE IF EXISTS numbered, shadow");
    execute(
        "CREATE TABLE shadow (id BIGINT PRIMARY KEY AUTO_INCREMENT, x BIGINT) AUTO_INCREMENT=900");
    execute(
        "CREATE TABLE numbered (list BIGINT NOT NULL, id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, v"
            + " INT, PRIMARY KEY (list, id), KEY (id))");
    assertThat(watched("numbered").generatedKeys()).isEqualTo(GeneratedKeys.CONSECUTIVE);
    names("INSERT INTO numbered (list, v) VALUES (7, 1)", 1);
    names("INSERT INTO numbered VALUES (7, NULL, 1), (8, NULL, 2), (7, NULL, 3)", 3);
    names("INSERT INTO numbered VALUES (7, DEFAULT, LAST_INSERT_ID(5000))", 1);
    names("INSERT INTO numbered VALUES (7, 0, 1), (7, 0, 2)", 2);
    execute("SET SESSION insert_id = 500");
    names("INSERT INTO numbered (list, v) VALUES (7, 1), (7, 2)", 2);
    execute(
        "CREATE TRIGGER after_numbered AFTER INSERT ON numbered FOR EACH ROW INSERT INTO shadow (x)"
            + " VALUES (NEW.id)");
    assertThat(watched("numbered").generatedKeys()).isEqualTo(GeneratedKeys.SINGLE);
    names("INSERT INTO numbered (list, v) VALUES (7, 1)", 1);
  }

  private static void names(String sql, int rows) throws SQLException {
    CaptureTable table = capture(watched("numbered"), "list");
    TableMapping mapping = Objects.requireNonNull(table.mapping());
    Mark mark = plan(table, sql);
    GeneratedKey generated = (GeneratedKey) Objects.requireNonNull(mark.narrowing(), sql);
    Map<Key, String> before = content(mapping);
    long affected;
    long first;
    try (Statement s = connection.createStatement()) {
      affected = s.executeUpdate(sql, Statement.RETURN_GENERATED_KEYS);
      try (ResultSet keys = s.getGeneratedKeys()) {
        keys.next();
        first = keys.getLong(1);
      }
    }
    Set<Key> inserted = new HashSet<>(content(mapping).keySet());
    inserted.removeAll(before.keySet());
    Outcome outcome = new Outcome(0, false, affected, first, null);
    assertThat(generated.keys(outcome, "1").orElseThrow())
        .as(sql)
        .hasSize(rows)
        .containsExactlyInAnyOrderElementsOf(inserted);
  }

  @Test
  void foreignKeysPartitionsAndUnseenTriggersMakeNumbersUncertain() throws Exception {
    execute("CREATE TABLE mother (id INT PRIMARY KEY)");
    execute(
        "CREATE TABLE child (id INT PRIMARY KEY AUTO_INCREMENT, m INT, FOREIGN KEY (m) REFERENCES"
            + " mother (id))");
    execute("DROP TABLE IF EXISTS parted");
    execute("CREATE TABLE parted (id INT PRIMARY KEY AUTO_INCREMENT) PARTITION BY HASH (id)");
    assertThat(watched("mother").generatedKeys()).isEqualTo(GeneratedKeys.CONSECUTIVE);
    assertThat(watched("child").generatedKeys()).isEqualTo(GeneratedKeys.SINGLE);
    assertThat(watched("parted").generatedKeys()).isEqualTo(GeneratedKeys.SINGLE);
    execute("DROP USER IF EXISTS narrow_ro");
    execute("CREATE USER narrow_ro IDENTIFIED BY 'x'");
    execute("GRANT SELECT ON `" + schema + "`.* TO narrow_ro");
    String url = "jdbc:mariadb://" + mysql.host() + ":" + mysql.port() + "/" + schema;
    assertThat(generatedKeysFor(url)).isEqualTo(GeneratedKeys.UNCERTAIN);
    execute("GRANT TRIGGER ON `" + schema + "`.mother TO narrow_ro");
    assertThat(generatedKeysFor(url)).isEqualTo(GeneratedKeys.CONSECUTIVE);
    execute("DROP USER narrow_ro");
  }

  private static GeneratedKeys generatedKeysFor(String url) throws SQLException {
    try (Connection c =
        DriverManager.getConnection(url + "?allowPublicKeyRetrieval=true", "narrow_ro", "x")) {
      return SchemaReader.read(c, new TableName(schema, "mother"), new ArrayList<>())
          .orElseThrow()
          .generatedKeys();
    }
  }
}
