package io.crossfade.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.sql.TableName;
import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import io.crossfade.server.protocol.Capabilities;
import io.crossfade.server.protocol.CommandType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same script straight to MySQL and through the relay: every packet must be the same. */
class EquivalenceIT {
  private static final ScriptedPlugin PLUGIN = new ScriptedPlugin();
  private static MySqlServer mysql;
  private static String schema;
  private static RelayFixture relay;

  @BeforeAll
  static void start() throws Exception {
    mysql = SharedServers.mysql();
    schema = mysql.createSchema("equal");
    relay = new RelayFixture(mysql, List.of(new TableName(schema, "watched")), PLUGIN);
    for (String table : List.of("watched", "unwatched")) {
      // What the script drops must exist the first time too.
      run(mysql.host(), mysql.port(), table, Capabilities.MULTI_STATEMENTS);
    }
  }

  @AfterAll
  static void stop() {
    relay.close();
  }

  @ParameterizedTest
  @CsvSource({
    "watched,false,0",
    "watched,true,0",
    "unwatched,false,0",
    "watched,false,16777216",
    "watched,true,16777216",
    "unwatched,false,16777216",
    "watched,false,134217728",
    "watched,true,159383552",
    "watched,false,33554432",
    "watched,true,50331648"
  })
  void everyPacketIsTheSame(String table, boolean attentive, long capabilities) throws Exception {
    PLUGIN.attentive = attentive;
    long wanted = capabilities | Capabilities.MULTI_STATEMENTS;
    List<String> direct = run(mysql.host(), mysql.port(), table, wanted);
    PLUGIN.clear();
    List<String> relayed = run("127.0.0.1", relay.address.getPort(), table, wanted);
    for (int i = 0; i < Math.min(direct.size(), relayed.size()); i++) {
      int at = i;
      assertThat(relayed.get(i))
          .as(() -> "packet " + at + " after " + direct.subList(Math.max(0, at - 6), at))
          .isEqualTo(direct.get(i));
    }
    assertThat(relayed).hasSameSizeAs(direct);
    if (table.equals("watched")) {
      assertThat(PLUGIN.exchanges).hasSizeGreaterThan(10);
      assertThat(PLUGIN.outcomes).hasSameSizeAs(PLUGIN.exchanges);
    }
  }

  private static List<String> run(String host, int port, String table, long capabilities)
      throws Exception {
    List<String> seen = new ArrayList<>();
    try (RawClient client = new RawClient(host, port, schema, capabilities)) {
      seen.addAll(client.login);
      for (String sql : script(table)) {
        seen.add("> " + sql);
        seen.addAll(client.query(sql));
      }
      prepared(client, table, capabilities, seen);
      housekeeping(client, seen);
    }
    return seen;
  }

  private static List<String> script(String t) {
    return List.of(
        "SELECT FOUND_ROWS(), ROW_COUNT()",
        "DROP TABLE IF EXISTS " + t,
        "SHOW WARNINGS",
        "CREATE TABLE "
            + t
            + " (id INT PRIMARY KEY AUTO_INCREMENT, v VARCHAR(40), n DECIMAL(10,2), d DATETIME(3),"
            + " b BLOB, u BIGINT UNSIGNED, f FLOAT, y YEAR, s SET('a','b'), j JSON) AUTO_INCREMENT=5",
        "INSERT INTO "
            + t
            + " (v, n, u) VALUES ('one', 1.5, 18446744073709551615), (NULL, NULL, 0)",
        "SELECT ROW_COUNT(), LAST_INSERT_ID()",
        "SELECT * FROM " + t,
        "SELECT SQL_CALC_FOUND_ROWS id FROM " + t + " LIMIT 1",
        "SELECT FOUND_ROWS()",
        "SELECT 1/0, " + t + ".id FROM " + t,
        "SHOW WARNINGS",
        "INSERT INTO " + t + " (id) VALUES (5)",
        "SHOW WARNINGS",
        "SELECT id FROM " + t + " WHERE v = 'one'",
        "SELEC nonsense",
        "SELECT * FROM no_such_table",
        "BEGIN",
        "INSERT INTO " + t + " (v, d, b) VALUES ('tx', '2026-01-02 03:04:05.678', x'00ff')",
        "INSERT INTO " + t + " (id) VALUES (5)",
        "UPDATE " + t + " SET v = CONCAT(v, '!') WHERE id > 5",
        "SAVEPOINT a",
        "DELETE FROM " + t + " WHERE id = 6",
        "ROLLBACK TO a",
        "COMMIT AND CHAIN",
        "SELECT COUNT(*) FROM " + t,
        "ROLLBACK",
        "SET autocommit = 0",
        "SELECT v FROM " + t,
        "SET autocommit = 1",
        "SELECT 1; SELECT 2, 3; UPDATE " + t + " SET y = 2026; SELECT 'end'",
        "SELECT 1; SELEC; SELECT 2",
        "DROP PROCEDURE IF EXISTS p_" + t,
        "CREATE PROCEDURE p_" + t + "() BEGIN SELECT 1 AS one; SELECT v FROM " + t + "; END",
        "CALL p_" + t + "()",
        "PREPARE s FROM 'SELECT id FROM " + t + " WHERE id > ?'",
        "SET @i = 5",
        "EXECUTE s USING @i",
        "DEALLOCATE PREPARE s",
        "SET character_set_results = utf16",
        "SELECT v FROM " + t,
        "SET NAMES utf8mb4",
        "SELECT 'ü', _binary'\\'', \"double\" FROM " + t,
        "/* c */ SELECT id FROM " + t + " -- end",
        "(SELECT id FROM " + t + " LIMIT 1)",
        "SELECT REPEAT('r', 70000), id FROM " + t,
        "",
        ";",
        "SELECT id FROM " + t + " WHERE id < 0",
        "EXPLAIN FORMAT=JSON SELECT id FROM " + t + " WHERE id = 1",
        "USE " + schema,
        "SELECT DATABASE()",
        "SHOW TABLES LIKE 'none'",
        "ANALYZE TABLE " + t,
        "DO 1",
        "TRUNCATE TABLE " + t,
        "INSERT INTO " + t + " (v) VALUES ('left')");
  }

  private static void prepared(RawClient client, String table, long capabilities, List<String> seen)
      throws IOException {
    seen.add("> prepare");
    seen.addAll(
        client.command(
            text(CommandType.STMT_PREPARE, "SELECT * FROM " + table + " WHERE id >= ?")));
    long select = client.statementId();
    seen.add("> execute");
    seen.addAll(client.command(execute(select, 0, 1, true, capabilities)));
    seen.addAll(client.command(execute(select, 0, 2, false, capabilities)));
    seen.add("> cursor");
    seen.addAll(client.command(execute(select, 1, 1, true, capabilities)));
    seen.addAll(client.command(fetch(select, 1)));
    seen.addAll(client.command(fetch(select, 100)));
    seen.add("> reset, close");
    seen.addAll(client.command(id(CommandType.STMT_RESET, select)));
    seen.addAll(client.command(id(CommandType.STMT_CLOSE, select)));
    seen.addAll(client.command(execute(select, 0, 1, true, capabilities)));
    seen.add("> prepare without parameters, with an error, without columns");
    seen.addAll(client.command(text(CommandType.STMT_PREPARE, "SELECT 1, v FROM " + table)));
    seen.addAll(client.command(text(CommandType.STMT_PREPARE, "SELECT nothing FROM " + table)));
    seen.addAll(
        client.command(
            text(CommandType.STMT_PREPARE, "INSERT INTO " + table + "(id, v) VALUES (?, 'p')")));
    long insert = client.statementId();
    seen.addAll(client.command(execute(insert, 0, 900, true, capabilities)));
    seen.addAll(client.command(execute(insert, 0, 900, true, capabilities)));
    seen.addAll(client.command(execute(insert, 0, 901, false, capabilities)));
  }

  private static void housekeeping(RawClient client, List<String> seen) throws IOException {
    seen.add("> housekeeping");
    seen.addAll(client.command(new byte[] {(byte) CommandType.PING.code()}));
    seen.addAll(client.command(text(CommandType.INIT_DB, schema)));
    seen.addAll(client.command(text(CommandType.INIT_DB, "no_such_database")));
    seen.addAll(client.command(text(CommandType.FIELD_LIST, "no_such_table\0")));
    seen.addAll(client.command(new byte[] {(byte) CommandType.SET_OPTION.code(), 1, 0}));
    seen.addAll(client.query("SELECT 1; SELECT 2"));
    seen.addAll(client.command(new byte[] {(byte) CommandType.SET_OPTION.code(), 0, 0}));
    seen.addAll(client.query("SELECT 1; SELECT 2"));
    seen.addAll(client.command(new byte[] {0x7F}));
    seen.addAll(client.command(new byte[] {(byte) CommandType.RESET_CONNECTION.code()}));
    seen.addAll(client.query("SELECT @@sql_mode, DATABASE()"));
    client.command(new byte[] {(byte) CommandType.QUIT.code()});
    seen.add("closed " + client.closed());
  }

  private static byte[] text(CommandType type, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] payload = new byte[1 + bytes.length];
    payload[0] = (byte) type.code();
    System.arraycopy(bytes, 0, payload, 1, bytes.length);
    return payload;
  }

  private static byte[] id(CommandType type, long statement) {
    ByteBuf b = Unpooled.buffer();
    b.writeByte(type.code());
    b.writeIntLE((int) statement);
    return ByteBufUtil.getBytes(b);
  }

  private static byte[] fetch(long statement, int rows) {
    ByteBuf b = Unpooled.buffer();
    b.writeBytes(id(CommandType.STMT_FETCH, statement));
    b.writeIntLE(rows);
    return ByteBufUtil.getBytes(b);
  }

  private static byte[] execute(
      long statement, int flags, int value, boolean types, long capabilities) {
    boolean attributes = Capabilities.has(capabilities, Capabilities.QUERY_ATTRIBUTES);
    ByteBuf b = Unpooled.buffer();
    b.writeBytes(id(CommandType.STMT_EXECUTE, statement));
    b.writeByte(attributes ? flags | 8 : flags);
    b.writeIntLE(1);
    if (attributes) {
      b.writeByte(1);
    }
    b.writeByte(0);
    b.writeBoolean(types);
    if (types) {
      b.writeShortLE(3);
      if (attributes) {
        b.writeByte(0);
      }
    }
    b.writeIntLE(value);
    return ByteBufUtil.getBytes(b);
  }
}
