package io.crossfade.server.frontend;

import static io.crossfade.server.frontend.Talk.bytes;
import static io.crossfade.server.frontend.Talk.id;
import static io.crossfade.server.frontend.Talk.text;

import io.crossfade.server.protocol.Capabilities;
import io.crossfade.server.protocol.CommandType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** What is not a text alone: every other command, in its forms and malformed. */
final class ProtocolScenarios {
  private static final int CURSOR = 1;
  private static final int CURSOR_FOR_UPDATE = 2;
  private static final int LARGEST = 0xFFFFFF;

  private ProtocolScenarios() {}

  /** Plays a scenario. */
  interface Scenario {
    void play(Talk talk) throws Exception;
  }

  /** Those for both servers, by name. */
  static Map<String, Scenario> common() {
    Map<String, Scenario> all = new LinkedHashMap<>();
    all.put("housekeeping", ProtocolScenarios::housekeeping);
    all.put("unknown commands", ProtocolScenarios::unknownCommands);
    all.put("malformed commands", ProtocolScenarios::malformed);
    all.put("statements", ProtocolScenarios::statements);
    all.put("parameters of every type", ProtocolScenarios::parameterTypes);
    all.put("cursors", ProtocolScenarios::cursors);
    all.put("long data", ProtocolScenarios::longData);
    all.put("procedures in binary", ProtocolScenarios::procedures);
    all.put("local files", ProtocolScenarios::localFiles);
    all.put("options", ProtocolScenarios::options);
    all.put("reset", ProtocolScenarios::reset);
    all.put("pipelined", ProtocolScenarios::pipelined);
    all.put("fields", ProtocolScenarios::fields);
    all.put("replication", ProtocolScenarios::replication);
    all.put("dump that ends", ProtocolScenarios::dump);
    all.put("large packets", ProtocolScenarios::large);
    return all;
  }

  /** Those that take seconds. */
  static Map<String, Scenario> slow() {
    Map<String, Scenario> all = new LinkedHashMap<>();
    all.put("locks and kills", ProtocolScenarios::locksAndKills);
    all.put("too large", ProtocolScenarios::tooLarge);
    return all;
  }

  private static byte[] code(CommandType type) {
    return bytes(type.code());
  }

  private static void housekeeping(Talk talk) throws Exception {
    talk.command("ping", code(CommandType.PING));
    talk.command("init db", text(CommandType.INIT_DB, talk.place().schema()));
    talk.command("init db nowhere", text(CommandType.INIT_DB, "nowhere"));
    talk.command("init db nothing", text(CommandType.INIT_DB, ""));
    talk.command("create db", text(CommandType.CREATE_DB, "eq_made"));
    talk.command("drop db", text(CommandType.DROP_DB, "eq_made"));
    talk.note("statistics", Talk.withoutDigits(talk.client.command(code(CommandType.STATISTICS))));
    talk.command("refresh", bytes(CommandType.REFRESH.code(), 0x10));
    talk.command("debug", code(CommandType.DEBUG));
    List<String> processes = talk.client.command(code(CommandType.PROCESS_INFO));
    talk.note("process info", processes.subList(0, 9));
    talk.command("kill nobody", id(CommandType.PROCESS_KILL, 0x7FFFFFF0));
    talk.text("SELECT DATABASE()");
    talk.lastCommand("kill myself", id(CommandType.PROCESS_KILL, talk.client.connectionId));
    talk.lastCommand("after", code(CommandType.PING));
  }

  private static void unknownCommands(Talk talk) throws Exception {
    for (int code : new int[] {0x00, 0x0B, 0x0F, 0x10, 0x13, 0x14, 0x1D, 0x20, 0x21, 0x7F, 0xF0}) {
      talk.command("command " + code, bytes(code, 1, 2, 3, 4));
      talk.command("ping", code(CommandType.PING));
    }
    talk.text("SELECT 'still in step'");
  }

  private static void malformed(Talk talk) throws Exception {
    talk.client.sendPipelined(new byte[0]);
    talk.note("empty packet", talk.client.answerTo(CommandType.PING.code()));
    talk.command("query of nothing", code(CommandType.QUERY));
    talk.command("prepare nothing", code(CommandType.STMT_PREPARE));
    talk.command("execute nothing", code(CommandType.STMT_EXECUTE));
    talk.command("execute a bit", bytes(CommandType.STMT_EXECUTE.code(), 1, 0, 0, 0, 0));
    talk.command("execute nowhere", talk.client.executePayload(4711, 0, true));
    talk.command("fetch nothing", code(CommandType.STMT_FETCH));
    talk.command("fetch nowhere", fetch(4711, 1));
    talk.command("reset nothing", code(CommandType.STMT_RESET));
    talk.command("reset nowhere", id(CommandType.STMT_RESET, 4711));
    talk.command("set option nothing", code(CommandType.SET_OPTION));
    talk.command("set option wrong", bytes(CommandType.SET_OPTION.code(), 9, 0));
    talk.command("init db", code(CommandType.INIT_DB));
    talk.command("field list", code(CommandType.FIELD_LIST));
    talk.command(
        "long data nowhere", bytes(CommandType.STMT_SEND_LONG_DATA.code(), 9, 9, 0, 0, 0, 0, 'x'));
    talk.command("close nowhere", id(CommandType.STMT_CLOSE, 4711));
    talk.note("prepare", talk.client.prepare("SELECT ?, ?"));
    long statement = talk.client.statementId();
    talk.command(
        "too few bytes",
        bytes(
            CommandType.STMT_EXECUTE.code(),
            statement,
            statement >> 8,
            statement >> 16,
            statement >> 24,
            0,
            1,
            0,
            0,
            0,
            0,
            1,
            8,
            0));
    talk.command("execute", talk.client.executePayload(statement, 0, true, 1, 2));
    talk.command("unknown cursor type", talk.client.executePayload(statement, 0x40, true, 1, 2));
    talk.text("SELECT 'still in step'");
  }

  /**
   * Commands that are too short, of which MySQL answers even those without an answer. MariaDB reads
   * on behind their end.
   */
  static void shortOnes(Talk talk) throws Exception {
    talk.command("short kill", bytes(CommandType.PROCESS_KILL.code(), 1));
    for (CommandType type : List.of(CommandType.STMT_CLOSE, CommandType.STMT_SEND_LONG_DATA)) {
      talk.client.sendPipelined(
          bytes(type.code(), 1),
          talk.client.queryPayload("SELECT 1 FROM watched"),
          code(CommandType.PING));
      talk.note("short " + type, talk.client.answerTo(CommandType.PING.code()));
      talk.note("query", talk.client.answerTo(CommandType.QUERY.code()));
      talk.note("ping", talk.client.answerTo(CommandType.PING.code()));
    }
  }

  /** A first execution that leaves out its types: MariaDB 10.11.5 crashes, so not for that one. */
  static void withoutTypes(Talk talk) throws Exception {
    talk.note("prepare", talk.client.prepare("SELECT ?, v FROM watched"));
    talk.note("without types", talk.client.execute(false, 1));
    talk.note("with types", talk.client.execute(true, 1));
    talk.note("without types", talk.client.execute(false, 2));
  }

  private static void statements(Talk talk) throws Exception {
    talk.text("CREATE TABLE stmts (id INT PRIMARY KEY, v VARCHAR(20)) ENGINE=InnoDB");
    talk.note("insert", talk.client.prepare("INSERT INTO stmts VALUES (?, 'v')"));
    long insert = talk.client.statementId();
    for (int value = 1; value <= 5; value++) {
      talk.command("insert " + value, talk.client.executePayload(insert, 0, value == 1, value));
    }
    talk.command("again", talk.client.executePayload(insert, 0, false, 5));
    talk.text("SHOW WARNINGS");
    talk.note("select", talk.client.prepare("SELECT * FROM stmts WHERE id >= ?"));
    long select = talk.client.statementId();
    talk.command("rows", talk.client.executePayload(select, 0, true, 2));
    talk.command("same types", talk.client.executePayload(select, 0, false, 4));
    talk.command("none", talk.client.executePayload(select, 0, false, 400));
    talk.text("ALTER TABLE stmts ADD w INT");
    talk.command("other columns", talk.client.executePayload(select, 0, false, 1));
    talk.text("DROP TABLE stmts");
    talk.command("no table", talk.client.executePayload(select, 0, false, 1));
    talk.note("many", talk.client.prepare("SELECT " + "?,".repeat(299) + "?"));
    long[] values = new long[300];
    talk.note("many", talk.client.execute(true, values));
    talk.note("syntax", talk.client.prepare("SELEC ?"));
    talk.note("two", talk.client.prepare("SELECT 1; SELECT 2"));
    talk.command("reset", id(CommandType.STMT_RESET, select));
    talk.command("close", id(CommandType.STMT_CLOSE, select));
    talk.command("closed", talk.client.executePayload(select, 0, false, 1));
    talk.note("nothing", talk.client.prepare("DO ?"));
    talk.note("nothing", talk.client.execute(true, 1));
  }

  private static void parameterTypes(Talk talk) throws Exception {
    int[] types = {1, 2, 3, 4, 5, 6, 8, 9, 7, 10, 11, 12, 13, 16, 246, 249, 252, 253, 254, 255};
    for (int type : types) {
      for (int flag : new int[] {0, 0x80}) {
        talk.note("prepare", talk.client.prepare("SELECT ? AS p"));
        talk.command(
            "type " + type + " flag " + flag,
            parameter(talk.client, talk.client.statementId(), type, flag, value(type)));
        talk.command(
            "null", parameter(talk.client, talk.client.statementId(), type, flag, new byte[0]));
      }
    }
    talk.command(
        "unknown type", parameter(talk.client, talk.client.statementId(), 99, 0, bytes(1)));
    talk.command(
        "cut short", parameter(talk.client, talk.client.statementId(), 253, 0, bytes(9, 'x')));
    talk.command(
        "too long a length",
        parameter(
            talk.client, talk.client.statementId(), 253, 0, bytes(0xFE, 1, 0, 0, 0, 1, 0, 0, 0)));
    talk.text("SELECT 'still in step'");
  }

  private static byte[] value(int type) {
    return switch (type) {
      case 1 -> bytes(0xFF);
      case 2, 13 -> bytes(0xEA, 0x07);
      case 3, 9 -> bytes(0xFE, 0xFF, 0xFF, 0xFF);
      case 8 -> bytes(0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF);
      case 4 -> bytes(0, 0, 0x80, 0xBF);
      case 5 -> bytes(0, 0, 0, 0, 0, 0, 0, 0x80);
      case 7, 12 -> bytes(11, 0xEA, 0x07, 1, 2, 3, 4, 5, 1, 2, 3, 0);
      case 10 -> bytes(4, 0xEA, 0x07, 1, 2);
      case 11 -> bytes(12, 1, 1, 0, 0, 0, 2, 3, 4, 5, 6, 7, 0);
      case 6 -> new byte[0];
      default -> bytes(3, '1', '.', '5');
    };
  }

  /** One parameter; no bytes = NULL. */
  private static byte[] parameter(
      RawClient client, long statement, int type, int flag, byte[] value) {
    boolean attributes = client.has(Capabilities.QUERY_ATTRIBUTES);
    ByteBuf b = Unpooled.buffer();
    b.writeBytes(id(CommandType.STMT_EXECUTE, statement));
    b.writeByte(attributes ? 8 : 0);
    b.writeIntLE(1);
    if (attributes) {
      b.writeByte(1);
    }
    b.writeByte(value.length == 0 ? 1 : 0);
    b.writeByte(1);
    b.writeByte(type);
    b.writeByte(flag);
    if (attributes) {
      b.writeByte(0);
    }
    b.writeBytes(value);
    return ByteBufUtil.getBytes(b);
  }

  static byte[] fetch(long statement, int rows) {
    ByteBuf b = Unpooled.buffer();
    b.writeBytes(id(CommandType.STMT_FETCH, statement));
    b.writeIntLE(rows);
    return ByteBufUtil.getBytes(b);
  }

  private static void cursors(Talk talk) throws Exception {
    talk.text("CREATE TABLE curs (id INT PRIMARY KEY, v VARCHAR(20)) ENGINE=InnoDB");
    talk.text("INSERT INTO curs VALUES (1, 'a'), (2, 'b'), (3, NULL), (4, 'd'), (5, 'e')");
    talk.note("prepare", talk.client.prepare("SELECT * FROM curs WHERE id >= ?"));
    long select = talk.client.statementId();
    talk.command("fetch before", fetch(select, 1));
    talk.command("open", talk.client.executePayload(select, CURSOR, true, 1));
    talk.command("fetch 2", fetch(select, 2));
    talk.text("SELECT 'meanwhile' FROM curs WHERE id = 1");
    talk.command("fetch 0", fetch(select, 0));
    talk.command("fetch 3", fetch(select, 3));
    talk.command("fetch past", fetch(select, 1));
    talk.command("open again", talk.client.executePayload(select, CURSOR, false, 4));
    // Executed without a cursor from now on, MySQL 8.0.31 sends definitions, an OK, and no rows.
    talk.command("fetch some", fetch(select, 1));
    talk.command("open empty", talk.client.executePayload(select, CURSOR, false, 99));
    talk.command("fetch empty", fetch(select, 9));
    talk.command("open", talk.client.executePayload(select, CURSOR, false, 1));
    talk.command("reset", id(CommandType.STMT_RESET, select));
    talk.command("fetch reset", fetch(select, 9));
    talk.text("BEGIN");
    talk.command("open", talk.client.executePayload(select, CURSOR, false, 1));
    talk.text("COMMIT");
    talk.command("fetch after commit", fetch(select, 9));
    talk.note("prepare", talk.client.prepare("SELECT v FROM curs"));
    talk.command(
        "for update",
        talk.client.executePayload(talk.client.statementId(), CURSOR_FOR_UPDATE, true));
    talk.note("update", talk.client.prepare("UPDATE curs SET v = 'x' WHERE id = ?"));
    talk.command(
        "cursor of an update",
        talk.client.executePayload(talk.client.statementId(), CURSOR, true, 1));
    talk.note("show", talk.client.prepare("SHOW TABLES LIKE 'curs'"));
    talk.command(
        "cursor of a show", talk.client.executePayload(talk.client.statementId(), CURSOR, true));
    talk.command("fetch", fetch(talk.client.statementId(), 5));
  }

  private static void longData(Talk talk) throws Exception {
    talk.text("CREATE TABLE longs (id INT PRIMARY KEY AUTO_INCREMENT, b LONGBLOB, t TEXT)");
    talk.note("prepare", talk.client.prepare("INSERT INTO longs (b, t) VALUES (?, ?)"));
    long insert = talk.client.statementId();
    for (String piece : List.of("first ", "", "second ", "x".repeat(100_000))) {
      talk.client.command(piece(insert, 0, piece));
    }
    talk.client.command(piece(insert, 1, "text"));
    talk.command("execute", longExecution(talk.client, insert));
    talk.command("execute without", longExecution(talk.client, insert));
    talk.client.command(piece(insert, 0, "forgotten"));
    talk.command("reset", id(CommandType.STMT_RESET, insert));
    talk.client.command(piece(insert, 9, "no such parameter"));
    talk.command("execute after wrong piece", longExecution(talk.client, insert));
    talk.text("SELECT id, LENGTH(b), LEFT(b, 20), t FROM longs");
  }

  private static byte[] piece(long statement, int parameter, String data) {
    ByteBuf b = Unpooled.buffer();
    b.writeBytes(id(CommandType.STMT_SEND_LONG_DATA, statement));
    b.writeShortLE(parameter);
    b.writeCharSequence(data, StandardCharsets.US_ASCII);
    return ByteBufUtil.getBytes(b);
  }

  /** Two BLOBs that were sent ahead; were they not, their values are missing. */
  private static byte[] longExecution(RawClient client, long statement) {
    boolean attributes = client.has(Capabilities.QUERY_ATTRIBUTES);
    ByteBuf b = Unpooled.buffer();
    b.writeBytes(id(CommandType.STMT_EXECUTE, statement));
    b.writeByte(attributes ? 8 : 0);
    b.writeIntLE(1);
    if (attributes) {
      b.writeByte(2);
    }
    b.writeByte(0);
    b.writeByte(1);
    for (int i = 0; i < 2; i++) {
      b.writeShortLE(252);
      if (attributes) {
        b.writeByte(0);
      }
    }
    return ByteBufUtil.getBytes(b);
  }

  private static void procedures(Talk talk) throws Exception {
    talk.text(
        "CREATE PROCEDURE binary_outs(IN i INT, OUT o DECIMAL(10,2), INOUT s VARCHAR(20)) BEGIN SELECT"
            + " i AS seen; SET o = i / 3; SET s = CONCAT(s, '!'); SELECT 'second', 2; END");
    talk.note("prepare", talk.client.prepare("CALL binary_outs(?, ?, ?)"));
    talk.note("call", talk.client.execute(true, 7, 0, 5));
    talk.note("call", talk.client.execute(false, 8, 0, 6));
    talk.command(
        "with a cursor",
        talk.client.executePayload(talk.client.statementId(), CURSOR, false, 9, 0, 1));
    talk.text("SELECT 'still in step'");
  }

  private static void localFiles(Talk talk) throws Exception {
    talk.text("CREATE TABLE files (id INT PRIMARY KEY, v VARCHAR(20)) ENGINE=InnoDB");
    byte[] end = new byte[0];
    String load = "LOAD DATA LOCAL INFILE 'anything' INTO TABLE files FIELDS TERMINATED BY ','";
    talk.client.file(List.of(lines("1,one\n2,two\n"), lines("3,th"), lines("ree\n"), end));
    talk.text(load);
    talk.text("SELECT * FROM files");
    talk.client.file(List.of(end));
    talk.text(load);
    talk.client.file(List.of(lines("3,duplicate\nx,bad\n4,too many,columns\n5\n"), end));
    talk.text(load);
    talk.text("SHOW WARNINGS");
    talk.client.file(List.of(lines("6,six\n"), lines("y".repeat(200_000)), end));
    talk.text(load + " (id, @v) SET v = LEFT(@v, 3)");
    talk.text("SHOW WARNINGS LIMIT 3");
    talk.client.file(List.of(lines("7,seven\n"), end));
    talk.text("SELECT 1; " + load + "; SELECT 2; " + load.replace("INTO", "REPLACE INTO"));
    talk.client.file(List.of(lines("8,eight\n"), end));
    talk.text(load + " CHARACTER SET nonsense");
    talk.text(load.replace("TABLE files", "TABLE nowhere"));
    talk.text("SELECT COUNT(*) FROM files");
    talk.text("SET GLOBAL local_infile = OFF");
    talk.text(load);
    talk.text("SET GLOBAL local_infile = ON");
  }

  private static byte[] lines(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static void options(Talk talk) throws Exception {
    for (int option : new int[] {1, 0, 2, 0}) {
      talk.command("option " + option, bytes(CommandType.SET_OPTION.code(), option, 0));
      talk.text("SELECT 1; SELECT 2");
    }
  }

  private static void reset(Talk talk) throws Exception {
    talk.text("SET @a = 1, sql_mode = '', NAMES latin1");
    talk.text("SET @a = 1, sql_mode = ''");
    talk.text("CREATE TABLE res (a INT) ENGINE=InnoDB");
    talk.text("CREATE TEMPORARY TABLE gone (a INT)");
    talk.note("prepare", talk.client.prepare("SELECT 1"));
    talk.text("BEGIN");
    talk.text("INSERT INTO res VALUES (1)");
    talk.command("reset", code(CommandType.RESET_CONNECTION));
    talk.text("SELECT @a, @@sql_mode, DATABASE(), @@autocommit, COUNT(*) FROM res");
    talk.text("SELECT * FROM gone");
    talk.note("execute", talk.client.execute(true));
    // Without its text, in which MariaDB names the statement's number.
    talk.text("SHOW COUNT(*) WARNINGS");
  }

  private static void pipelined(Talk talk) throws Exception {
    talk.text("CREATE TABLE pipe (id INT PRIMARY KEY) ENGINE=InnoDB");
    // MariaDB goes on counting where an earlier connection of the same thread stopped.
    talk.note("prepare", talk.client.prepare("SELECT 1"));
    long first = talk.client.statementId() + 1;
    List<byte[]> commands = new ArrayList<>();
    for (String sql :
        List.of(
            "SELECT 1",
            "INSERT INTO pipe VALUES (1)",
            "INSERT INTO pipe VALUES (1)",
            "SELEC",
            "BEGIN",
            "INSERT INTO pipe VALUES (2)",
            "SELECT * FROM pipe",
            "ROLLBACK",
            "SELECT COUNT(*) FROM pipe",
            "SHOW WARNINGS")) {
      commands.add(talk.client.queryPayload(sql));
      commands.add(code(CommandType.PING));
    }
    commands.add(text(CommandType.STMT_PREPARE, "SELECT id FROM pipe"));
    commands.add(id(CommandType.STMT_CLOSE, first + 99));
    commands.add(text(CommandType.STMT_PREPARE, "SELECT nothing FROM pipe"));
    commands.add(talk.client.executePayload(first, 0, true));
    commands.add(talk.client.executePayload(first + 1, 0, true));
    commands.add(bytes(0x7F));
    commands.add(text(CommandType.INIT_DB, "nowhere"));
    commands.add(id(CommandType.STMT_RESET, first));
    commands.add(code(CommandType.RESET_CONNECTION));
    commands.add(talk.client.executePayload(first, 0, true));
    commands.add(talk.client.queryPayload("SELECT DATABASE()"));
    talk.client.sendPipelined(commands.toArray(byte[][]::new));
    for (byte[] command : commands) {
      talk.note("answer to " + (command[0] & 0xFF), talk.client.answerTo(command[0] & 0xFF));
    }
  }

  private static void fields(Talk talk) throws Exception {
    talk.text("CREATE TABLE flds (id INT NOT NULL DEFAULT 5, v VARCHAR(10) DEFAULT 'ü', n BLOB)");
    talk.command("field list", text(CommandType.FIELD_LIST, "flds\0"));
    talk.command("field list", text(CommandType.FIELD_LIST, "flds\0v%"));
    talk.command("field list nowhere", text(CommandType.FIELD_LIST, "nowhere\0"));
  }

  private static void replication(Talk talk) throws Exception {
    try (Talk limited = talk.place().talk("eq_limited")) {
      limited.command("dump without the right", dumpRequest("", 4));
      limited.text("SELECT 'still in step'");
      limited.command("register without the right", code(CommandType.REGISTER_SLAVE));
      limited.text("SELECT * FROM watched");
      talk.note("limited", limited.seen);
    }
    talk.command("dump from nowhere", dumpRequest("no.000001", 4));
    talk.text("SELECT 'still in step' FROM watched");
    talk.command("register malformed", bytes(CommandType.REGISTER_SLAVE.code(), 1, 2));
  }

  /** From the first file, to its end and no longer: the session goes on afterwards. */
  private static void dump(Talk talk) throws Exception {
    talk.text("SET @master_binlog_checksum = 'NONE', @source_binlog_checksum = 'NONE'");
    talk.text("SET @mariadb_slave_capability = 4");
    List<String> events = talk.client.command(dumpRequest("binlog.000001", 4));
    // The binlog grows from run to run: the rotation, the file's description, and the end.
    talk.note("dump", events.subList(0, 2));
    talk.note("end of dump", List.of(events.get(events.size() - 1).substring(8)));
    talk.text("SELECT 'still in step' FROM watched");
  }

  private static byte[] dumpRequest(String file, int position) {
    ByteBuf b = Unpooled.buffer();
    b.writeByte(CommandType.BINLOG_DUMP.code());
    b.writeIntLE(position);
    b.writeShortLE(1); // not to wait at the end
    b.writeIntLE(4242);
    b.writeCharSequence(file, StandardCharsets.US_ASCII);
    return ByteBufUtil.getBytes(b);
  }

  private static void large(Talk talk) throws Exception {
    talk.text("CREATE TABLE larges (id INT PRIMARY KEY, b LONGBLOB) ENGINE=InnoDB");
    talk.text("INSERT INTO larges VALUES (1, '" + "x".repeat(2_000_000) + "')");
    talk.text("SELECT LENGTH(b) FROM larges");
    talk.text("SELECT b FROM larges");
    talk.text("SELEC '" + "x".repeat(1_100_000) + "'");
    talk.note(
        "prepare",
        talk.client.prepare("SELECT /* " + "x".repeat(1_100_000) + " */ id FROM larges"));
    talk.note("execute", talk.client.execute(true));
  }

  /** Above max_allowed_packet, in one packet and in continued ones. */
  private static void tooLarge(Talk talk) throws Exception {
    talk.text("SELECT @@max_allowed_packet > 16000000");
    talk.text("SELECT LENGTH('" + "x".repeat(LARGEST - 30) + "')");
    talk.text("SET GLOBAL max_allowed_packet = 1048576");
    try (Talk small = talk.other()) {
      small.text("SELECT REPEAT('x', 2000000)");
      small.text("SHOW WARNINGS");
      talk.note("small", small.seen);
    } finally {
      talk.text("SET GLOBAL max_allowed_packet = 67108864");
    }
  }

  private static void locksAndKills(Talk talk) throws Exception {
    talk.text("CREATE TABLE lockd (id INT PRIMARY KEY, v INT) ENGINE=InnoDB");
    talk.text("INSERT INTO lockd VALUES (1, 1), (2, 2)");
    talk.text("SET innodb_lock_wait_timeout = 1, lock_wait_timeout = 1");
    try (Talk holder = talk.other()) {
      holder.text("BEGIN");
      holder.text("UPDATE lockd SET v = 3 WHERE id = 1");
      talk.text("BEGIN");
      talk.text("INSERT INTO lockd VALUES (3, 3)");
      talk.text("UPDATE lockd SET v = 4 WHERE id = 1");
      talk.text("SELECT * FROM lockd");
      talk.text("COMMIT");
      holder.text("ROLLBACK");
    }
    String sleep = "SELECT SLEEP(30) FROM lockd";
    talk.client.sendQuery(sleep);
    try (Talk killer = talk.other()) {
      awaitRunning(killer, sleep);
      killer.note("kill", killer.client.query("KILL QUERY " + talk.client.connectionId));
      talk.note("killed", talk.client.answerTo(CommandType.QUERY.code()));
      talk.text("SELECT 'still in step'");
      talk.client.sendQuery("UPDATE lockd SET v = SLEEP(30)");
      awaitRunning(killer, "UPDATE lockd SET v = SLEEP(30)");
      killer.command("kill", id(CommandType.PROCESS_KILL, talk.client.connectionId));
      talk.lastAnswer("killed");
      talk.note("killer", killer.seen.subList(killer.seen.size() - 2, killer.seen.size()));
    }
  }

  private static void awaitRunning(Talk killer, String sql) {
    String question =
        "SELECT COUNT(*) FROM information_schema.processlist WHERE info = '" + sql + "'";
    Awaitility.await()
        .until(() -> killer.client.query(question).stream().anyMatch(p -> p.endsWith("0131")));
  }
}
