package io.crossfade.server.fuzz;

import io.crossfade.server.protocol.Capabilities;
import java.util.ArrayList;
import java.util.List;

/** Makes up what a client does, command by command, and how MySQL will answer. */
final class Script {
  private static final int LONGEST_FILE = 3;
  private static final String[] TEXTS = {
    "SELECT a FROM watched WHERE id=",
    "DELETE FROM watched WHERE id=",
    "SELECT a FROM plain WHERE id=",
    "INSERT INTO plain VALUES (1) -- ",
    "SELECT FOUND_ROWS() -- ",
    "SHOW WARNINGS -- ",
    "USE db -- ",
    "CALL p() -- ",
    "SET @a=",
    "BEGIN -- ",
    "COMMIT -- ",
    "SELECT 1; DELETE FROM watched WHERE id=",
    "DROP DATABASE other -- ",
    "/*!50000 update */ WatcheD set a=",
    "",
  };

  private final Draw draw;
  private final long capabilities;
  private final boolean watching;
  private final boolean attentive;
  private final List<Ask.Prepared> prepared = new ArrayList<>();
  private int made;

  Script(Draw draw, long capabilities, boolean watching, boolean attentive) {
    this.draw = draw;
    this.capabilities = capabilities;
    this.watching = watching;
    this.attentive = attentive;
  }

  Ask next() {
    made++;
    return switch (draw.below(16)) {
      case 0, 1, 2, 3, 4, 5 -> query();
      case 6, 7 -> prepare();
      case 8, 9, 10 -> execute();
      case 11 -> ofStatement();
      case 12 -> lone();
      default -> plain();
    };
  }

  private Reply reply() {
    return new Reply(draw, capabilities);
  }

  private Reply okOrError() {
    return draw.onceIn(4) ? reply().error() : reply().ok();
  }

  private String text() {
    String begin = TEXTS[draw.below(TEXTS.length)];
    if (begin.isEmpty()) {
      begin = new String(draw.bytes(30), java.nio.charset.StandardCharsets.ISO_8859_1) + " -- ";
    }
    String end = Integer.toString(made);
    return draw.onceIn(6)
        ? begin + " ".repeat(draw.below(2500)) + (draw.onceIn(3) ? " watched" : "") + end
        : begin + end;
  }

  private static boolean names(String text) {
    return text.toLowerCase(java.util.Locale.ROOT).contains("watched");
  }

  private static boolean readsDiagnostics(String text) {
    return text.startsWith("SELECT FOUND_ROWS") || text.startsWith("SHOW WARN");
  }

  private Wire attributes(int code) {
    Wire out = new Wire().u8(code);
    if (Capabilities.has(capabilities, Capabilities.QUERY_ATTRIBUTES)) {
      if (draw.onceIn(3)) {
        out.lenenc(1).lenenc(1).u8(0).u8(1).u16(3).lenencText("n").u32(made);
      } else {
        out.lenenc(0).lenenc(1);
      }
    }
    return out;
  }

  private Ask query() {
    String text = text();
    Ask ask =
        new Ask(
            3,
            attributes(3).text(text).bytes(),
            reply().results(false, false, false),
            attentive || watching && (names(text) || text.startsWith("CALL")));
    ask.readsDiagnostics = readsDiagnostics(text);
    return ask;
  }

  private Ask lone() {
    if (draw.onceIn(2)) {
      String text = "LOAD DATA LOCAL INFILE 'f' INTO TABLE watched -- " + made;
      Ask ask =
          new Ask(
              3,
              attributes(3).text(text).bytes(),
              reply().results(false, true, false),
              attentive || watching);
      ask.lone = true;
      ask.followUps = files(ask.reply);
      return ask;
    }
    Reply reply = reply().authentication();
    Wire out = new Wire().u8(0x11).text("app2\0").u8(4).text("hash").text("db2\0").u16(255);
    out.text("caching_sha2_password\0");
    Ask ask = new Ask(0x11, out.bytes(), reply, attentive);
    ask.lone = true;
    List<byte[]> turns = new ArrayList<>();
    for (int i = 1; i < reply.stages().size(); i++) {
      turns.add(Wire.packetOf(i * 2 + 1, draw.bytes(20)));
    }
    ask.followUps = turns;
    if (reply.error == 0) {
      prepared.clear();
    }
    return ask;
  }

  private List<byte[]> files(Reply reply) {
    List<byte[]> files = new ArrayList<>();
    for (int i = 1; i < reply.stages().size(); i++) {
      Wire file = new Wire();
      int packets = draw.below(LONGEST_FILE);
      for (int p = 0; p < packets; p++) {
        byte[] content = new byte[1 + draw.below(1500)];
        java.util.Arrays.fill(content, (byte) 'w');
        file.packet(2 + p, content);
      }
      files.add(file.packet(2 + packets, new byte[0]).bytes());
    }
    return files;
  }

  private Ask prepare() {
    String text = text();
    Reply reply = reply().prepared(made);
    if (reply.error == 0) {
      prepared.add(
          new Ask.Prepared(
              made,
              reply.parameters,
              watching && (names(text) || text.startsWith("CALL")),
              readsDiagnostics(text)));
    }
    return new Ask(0x16, new Wire().u8(0x16).text(text).bytes(), reply, false);
  }

  private Ask execute() {
    boolean cursor = draw.onceIn(3);
    if (prepared.isEmpty() || draw.onceIn(10)) {
      byte[] payload = new Wire().u8(0x17).u32(90_000 + made).u8(0).u32(1).bytes();
      return new Ask(0x17, payload, reply().error(), attentive || watching);
    }
    Ask.Prepared statement = prepared.get(draw.below(prepared.size()));
    boolean named = Capabilities.has(capabilities, Capabilities.QUERY_ATTRIBUTES);
    boolean counted = named && draw.onceIn(2);
    int extra = counted && draw.onceIn(3) ? 1 : 0;
    int count = statement.parameters + extra;
    boolean types = extra > 0 || statement.types == 0 || draw.onceIn(3);
    int length = draw.onceIn(8) ? 1200 : 5;
    Reply reply = reply().results(true, false, cursor);
    Ask ask =
        new Ask(
            0x17,
            execution(statement, cursor, counted, count, types, length),
            reply,
            attentive || statement.watched);
    ask.statement = statement;
    ask.readsDiagnostics = statement.readsDiagnostics;
    if (count > 0) {
      ask.bringsTypes = types;
      statement.types = types ? made : statement.types;
      ask.types = statement.types;
      if (!types) {
        ask.withTypes =
            Wire.packetOf(0, execution(statement, cursor, counted, count, true, length));
      }
    }
    ask.longData = statement.longData;
    statement.longData = false;
    return ask;
  }

  private byte[] execution(
      Ask.Prepared statement,
      boolean cursor,
      boolean counted,
      int count,
      boolean types,
      int length) {
    boolean named = Capabilities.has(capabilities, Capabilities.QUERY_ATTRIBUTES);
    Wire out = new Wire().u8(0x17).u32(statement.id);
    out.u8((cursor ? 1 : 0) | (counted ? 8 : 0)).u32(1);
    if (counted) {
      out.lenenc(count);
    }
    if (count == 0) {
      return out.bytes();
    }
    out.u8(0).u8(types ? 1 : 0);
    for (int i = 0; types && i < count; i++) {
      out.u16(0xFD);
      if (named) {
        out.lenencText(i < statement.parameters ? "" : "attribute");
      }
    }
    for (int i = 0; i < count; i++) {
      if (i > 0 || !statement.longData) {
        out.lenencText("v".repeat(i == 0 ? length : 3));
      }
    }
    return out.bytes();
  }

  /** Long data, a fetch, a reset or the end of a statement. */
  private Ask ofStatement() {
    if (prepared.isEmpty()) {
      return plain();
    }
    Ask.Prepared statement = prepared.get(draw.below(prepared.size()));
    switch (draw.below(4)) {
      case 0 -> {
        if (statement.parameters == 0) {
          return plain();
        }
        statement.longData = true;
        byte[] data =
            "d".repeat(draw.of(0, 5, 1400)).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        byte[] payload = new Wire().u8(0x18).u32(statement.id).u16(0).raw(data).bytes();
        Ask ask = new Ask(0x18, payload, reply(), false);
        ask.statement = statement;
        return ask;
      }
      case 1 -> {
        return new Ask(
            0x1C, new Wire().u8(0x1C).u32(statement.id).u32(5).bytes(), reply().fetched(), false);
      }
      case 2 -> {
        statement.longData = false;
        Ask ask = new Ask(0x1A, new Wire().u8(0x1A).u32(statement.id).bytes(), reply().ok(), false);
        ask.statement = statement;
        return ask;
      }
      default -> {
        prepared.remove(statement);
        Ask ask = new Ask(0x19, new Wire().u8(0x19).u32(statement.id).bytes(), reply(), false);
        ask.statement = statement;
        return ask;
      }
    }
  }

  private Ask plain() {
    return switch (draw.below(9)) {
      case 0 -> command(0x02, "db", okOrError(), false);
      case 1 -> command(0x04, "watched\0%", reply().fieldList(), false);
      case 2 -> command(0x05, "n" + made, okOrError(), attentive);
      case 3 -> command(0x06, "n" + made, okOrError(), attentive || watching);
      case 4 -> command(0x09, "", reply().text(), false);
      case 5 -> command(0x0A, "", reply().results(false, false, false), false);
      case 6 -> command(0x1B, "\0\0", reply().ok(), false);
      case 7 -> command(0x44, "n" + made, okOrError(), attentive || watching);
      default -> {
        Reply reply = okOrError();
        if (reply.error == 0) {
          prepared.clear();
        }
        yield command(0x1F, "", reply, attentive);
      }
    };
  }

  private static Ask command(int code, String rest, Reply reply, boolean mustBeShown) {
    return new Ask(code, new Wire().u8(code).text(rest).bytes(), reply, mustBeShown);
  }
}
