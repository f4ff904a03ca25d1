package io.crossfade.server.frontend;

import static io.crossfade.server.frontend.Talk.bytes;
import static io.crossfade.server.frontend.Talk.id;

import io.crossfade.server.protocol.Capabilities;
import io.crossfade.server.protocol.CommandType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who is logged in, what accompanies a statement, and streams that follow transactions. */
final class SessionScenarios {
  private static final int STRING = 254;
  private static final int BIGINT = 8;

  private SessionScenarios() {}

  /** Those for both servers, by name. */
  static Map<String, ProtocolScenarios.Scenario> common() {
    Map<String, ProtocolScenarios.Scenario> all = new LinkedHashMap<>();
    all.put("changes of user", SessionScenarios::changesOfUser);
    all.put("query attributes", SessionScenarios::attributes);
    all.put("dump by transactions", SessionScenarios::dumpByTransactions);
    return all;
  }

  private static void changesOfUser(Talk talk) throws Exception {
    String schema = talk.place().schema();
    talk.text("SET @a = 1, SESSION sql_mode = ''");
    talk.text("BEGIN");
    talk.note("prepare", talk.client.prepare("SELECT v FROM watched"));
    talk.note("the same", talk.client.changeUser("app", "app", schema));
    talk.text("SELECT @a, @@sql_mode, DATABASE(), CURRENT_USER()");
    talk.note("execute", talk.client.execute(true));
    talk.text("SELECT * FROM watched");
    talk.note("another", talk.client.changeUser("eq_limited", "app", schema));
    talk.text("SELECT CURRENT_USER()");
    talk.text("SELECT * FROM secret");
    talk.text("SELECT * FROM watched");
    talk.note("without a database", talk.client.changeUser("app", "app", ""));
    talk.text("SELECT DATABASE()");
    talk.text("SELECT * FROM watched");
    talk.note("unknown database", talk.client.changeUser("app", "app", "nowhere"));
    talk.lastCommand("ping", bytes(CommandType.PING.code()));
    try (Talk other = talk.other()) {
      other.note("wrong password", other.client.changeUser("app", "wrong", schema));
      other.lastCommand("ping", bytes(CommandType.PING.code()));
      talk.note("other", other.seen);
    }
  }

  /** MySQL has the function that reads them in a component, which may be missing. */
  private static void attributes(Talk talk) throws Exception {
    if (!talk.client.has(Capabilities.QUERY_ATTRIBUTES)) {
      return;
    }
    for (String sql :
        List.of(
            "SELECT mysql_query_attribute_string('a')",
            "SELECT v FROM watched",
            "UPDATE watched SET v = v + 1",
            "SELEC")) {
      ByteBuf b = Unpooled.buffer();
      b.writeBytes(bytes(CommandType.QUERY.code(), 2, 1, 2, 1));
      attribute(b, STRING, "a");
      attribute(b, BIGINT, "b");
      b.writeBytes(bytes(3, 'x', 'y', 'z'));
      b.writeCharSequence(sql, StandardCharsets.US_ASCII);
      talk.command(sql, ByteBufUtil.getBytes(b));
    }
    talk.note("prepare", talk.client.prepare("SELECT ?, v FROM watched"));
    ByteBuf b = Unpooled.buffer();
    b.writeBytes(id(CommandType.STMT_EXECUTE, talk.client.statementId()));
    b.writeBytes(bytes(8, 1, 0, 0, 0, 2, 0, 1));
    attribute(b, BIGINT, "");
    attribute(b, STRING, "a");
    b.writeLongLE(42);
    b.writeBytes(bytes(3, 'x', 'y', 'z'));
    talk.command("execute", ByteBufUtil.getBytes(b));
    talk.text("SELECT 'still in step'");
  }

  private static void attribute(ByteBuf b, int type, String name) {
    b.writeShortLE(type);
    b.writeByte(name.length());
    b.writeCharSequence(name, StandardCharsets.US_ASCII);
  }

  /** MySQL without GTIDs refuses it, MariaDB does not know it. */
  private static void dumpByTransactions(Talk talk) throws Exception {
    ByteBuf b = Unpooled.buffer();
    b.writeByte(CommandType.BINLOG_DUMP_GTID.code());
    b.writeShortLE(1); // not to wait at the end
    b.writeIntLE(4243);
    b.writeIntLE(0);
    b.writeLongLE(4);
    b.writeIntLE(8);
    b.writeLongLE(0); // no transaction is known yet
    talk.command("dump", ByteBufUtil.getBytes(b));
    talk.text("SELECT 'still in step' FROM watched");
  }
}
