package io.crossfade.server.frontend;

import static io.crossfade.server.frontend.Talk.bytes;
import static io.crossfade.server.frontend.Talk.id;
import static io.crossfade.server.frontend.Talk.text;

import io.crossfade.server.protocol.CommandType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.LinkedHashMap;
import java.util.Map;

/** What only MariaDB's protocol has. */
final class MariaDbScenarios {
  private static final long LAST = 0xFFFF_FFFFL;
  private static final int SEND_TYPES = 128;

  private MariaDbScenarios() {}

  static Map<String, ProtocolScenarios.Scenario> all() {
    Map<String, ProtocolScenarios.Scenario> all = new LinkedHashMap<>();
    all.put("bulk", MariaDbScenarios::bulk);
    all.put("last prepared statement", MariaDbScenarios::last);
    all.put("metadata sent once", MariaDbScenarios::metadataOnce);
    all.put("progress", MariaDbScenarios::progress);
    all.put("commands that were once", MariaDbScenarios::gone);
    return all;
  }

  private static void bulk(Talk talk) throws Exception {
    talk.text("CREATE TABLE bulky (id INT PRIMARY KEY, v INT)");
    talk.note("prepare", talk.client.prepare("INSERT INTO bulky VALUES (?, ?)"));
    long insert = talk.client.statementId();
    talk.command("three rows", bulk(insert, 1, 1, 2, 2, 3, 3));
    talk.command("the second is a duplicate", bulk(insert, 4, 4, 1, 1, 5, 5));
    talk.command("one by one again", talk.client.executePayload(insert, 0, true, 6, 6));
    talk.note("prepare", talk.client.prepare("INSERT INTO bulky VALUES (?, ?) RETURNING id, v"));
    talk.command("returning", bulk(talk.client.statementId(), 7, 7, 8, 8));
    talk.note("prepare", talk.client.prepare("UPDATE bulky SET v = ? WHERE id = ?"));
    talk.command("update", bulk(talk.client.statementId(), 70, 7, 80, 8));
    talk.note("prepare", talk.client.prepare("SELECT ?, ?"));
    talk.command("select", bulk(talk.client.statementId(), 7, 7, 8, 8));
    talk.command("nowhere", bulk(4711, 1, 1));
    talk.command("malformed", bytes(0xFA, 1));
    talk.text("SELECT * FROM bulky");
  }

  /** Rows of two BIGINTs. */
  private static byte[] bulk(long statement, long... values) {
    ByteBuf b = Unpooled.buffer();
    b.writeByte(0xFA);
    b.writeIntLE((int) statement);
    b.writeShortLE(SEND_TYPES);
    b.writeShortLE(8);
    b.writeShortLE(8);
    for (long value : values) {
      b.writeByte(0);
      b.writeLongLE(value);
    }
    return ByteBufUtil.getBytes(b);
  }

  /** An execution right behind the preparing, by the number -1. */
  private static void last(Talk talk) throws Exception {
    for (String sql :
        new String[] {
          "SELECT v FROM watched",
          "SELECT nothing FROM watched",
          "INSERT INTO watched VALUES (9, 9)"
        }) {
      talk.client.sendPipelined(
          text(CommandType.STMT_PREPARE, sql),
          talk.client.executePayload(LAST, 0, true),
          id(CommandType.STMT_RESET, LAST),
          id(CommandType.STMT_CLOSE, LAST),
          bytes(CommandType.PING.code()));
      talk.note("prepare " + sql, talk.client.answerTo(CommandType.STMT_PREPARE.code()));
      talk.note("execute", talk.client.answerTo(CommandType.STMT_EXECUTE.code()));
      talk.note("reset", talk.client.answerTo(CommandType.STMT_RESET.code()));
      talk.note("ping", talk.client.answerTo(CommandType.PING.code()));
    }
  }

  /** The second execution has no column definitions; after a change of the table it has. */
  private static void metadataOnce(Talk talk) throws Exception {
    talk.text("CREATE TABLE once (id INT PRIMARY KEY, v VARCHAR(10), j JSON, i INET6)");
    talk.text("INSERT INTO once (id, v) VALUES (1, 'a'), (2, 'b')");
    talk.note("prepare", talk.client.prepare("SELECT * FROM once WHERE id >= ?"));
    long select = talk.client.statementId();
    talk.command("first", talk.client.executePayload(select, 0, true, 1));
    talk.command("second", talk.client.executePayload(select, 0, false, 2));
    talk.command("none", talk.client.executePayload(select, 0, false, 3));
    talk.command("cursor", talk.client.executePayload(select, 1, false, 1));
    talk.command("fetch", ProtocolScenarios.fetch(select, 1));
    talk.command("fetch", ProtocolScenarios.fetch(select, 9));
    talk.text("SELECT * FROM once");
    talk.text("ALTER TABLE once ADD w INT");
    talk.command("changed", talk.client.executePayload(select, 0, false, 1));
    talk.command("again", talk.client.executePayload(select, 0, false, 1));
    talk.text("SELECT 'still in step'");
  }

  /** How many reports come depends on the moment; the answer ends behind them. */
  private static void progress(Talk talk) throws Exception {
    talk.text("SET progress_report_time = 0.000001");
    talk.text("CREATE TABLE slowly (id INT PRIMARY KEY, v VARCHAR(200)) ENGINE=InnoDB");
    talk.text("INSERT INTO slowly SELECT seq, REPEAT('x', 200) FROM seq_1_to_20000");
    var answer = talk.client.query("ALTER TABLE slowly ADD w INT, ALGORITHM=COPY");
    talk.note(
        "altered",
        answer.subList(answer.size() - 1, answer.size()).stream()
            .map(p -> p.substring(8))
            .toList());
    talk.text("SELECT COUNT(*) FROM slowly");
    var checked = talk.client.query("CHECK TABLE slowly");
    talk.note(
        "checked",
        checked.subList(checked.size() - 1, checked.size()).stream()
            .map(p -> p.substring(8))
            .toList());
    talk.text("SELECT 'still in step'");
  }

  private static void gone(Talk talk) throws Exception {
    for (int code : new int[] {0xFE, 0xFD, 0xFC, 0xFB, 0xF9}) {
      talk.command("command " + code, bytes(code, 0, 0, 0, 0));
      talk.command("ping", bytes(CommandType.PING.code()));
    }
  }
}
