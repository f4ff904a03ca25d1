package io.crossfade.server.fuzz;

import io.crossfade.server.protocol.Capabilities;
import io.crossfade.server.protocol.ServerStatus;
import java.util.ArrayList;
import java.util.List;

/**
 * An answer made by the grammar of the manual: the bytes between two turns of the client, and what
 * a reader of it must have understood.
 */
final class Reply {
  private static final int LAST_ROW_SENT = 0x80;

  private final Draw draw;
  private final long capabilities;
  private final boolean deprecateEof;
  private final boolean optionalMetadata;
  private final List<byte[]> stages = new ArrayList<>();
  private Wire stage = new Wire();
  private int sequence = 1;
  private int fixedStatus = -1;

  /** How many packets lie in the stages. */
  int packets;

  /** The error code at the end, 0 when there is none. */
  int error;

  /** The last status flags, -1 when the answer ends with an ERR or tells none. */
  int status = -1;

  /** Whether the last part of the answer is a dialogue that the client has to take part in. */
  Turn turn = Turn.NOTHING;

  long statementId;
  int parameters;
  int resultSets;
  final List<byte[]> columns = new ArrayList<>();
  final List<byte[]> rows = new ArrayList<>();

  /** What the client has to send between two stages. */
  enum Turn {
    NOTHING,
    /** Packets up to an empty one. */
    FILE,
    /** One packet. */
    PACKET
  }

  Reply(Draw draw, long capabilities) {
    this.draw = draw;
    this.capabilities = capabilities;
    deprecateEof = Capabilities.has(capabilities, Capabilities.DEPRECATE_EOF);
    optionalMetadata = Capabilities.has(capabilities, Capabilities.OPTIONAL_RESULTSET_METADATA);
  }

  /** The bytes up to each turn of the client, and the bytes after the last one. */
  List<byte[]> stages() {
    if (stage != EMPTY) {
      stages.add(stage.bytes());
      stage = EMPTY;
    }
    return stages;
  }

  private static final Wire EMPTY = new Wire();

  private void packet(byte[] payload) {
    stage.packet(sequence++ & 0xFF, payload);
    packets++;
  }

  private void clientsTurn(Turn what) {
    turn = what;
    stages.add(stage.bytes());
    stage = new Wire();
    sequence += 2;
  }

  /** Makes every packet tell {@code flags}. */
  Reply withStatus(int flags) {
    fixedStatus = flags;
    return this;
  }

  private int someStatus() {
    if (fixedStatus >= 0) {
      return fixedStatus;
    }
    int flags = ServerStatus.AUTOCOMMIT;
    int choice = draw.below(16);
    if ((choice & 1) != 0) {
      flags |= ServerStatus.IN_TRANS;
    }
    if (choice >= 12) {
      flags |= LAST_ROW_SENT | 0x2010;
    }
    return flags;
  }

  private byte[] okPayload(int header, int flags) {
    int all = flags;
    boolean tracked = Capabilities.has(capabilities, Capabilities.SESSION_TRACK) && draw.onceIn(5);
    if (tracked) {
      all |= ServerStatus.SESSION_STATE_CHANGED;
    }
    Wire out =
        new Wire()
            .u8(header)
            .lenenc(draw.of(0, 1, 250, 251, 70_000))
            .lenenc(draw.of(0, 1, 255, 65_535))
            .u16(all)
            .u16(0);
    if (tracked) {
      String name = draw.onceIn(2) ? "other" : "db";
      byte[] schema = new Wire().lenencText(name).bytes();
      byte[] state = new Wire().u8(1).lenenc(schema.length).raw(schema).bytes();
      out.lenenc(0).lenenc(state.length).raw(state);
    } else if (draw.onceIn(6)) {
      out.lenencText("Records: 1  Duplicates: 0");
    }
    status = all;
    return out.bytes();
  }

  Reply ok() {
    packet(okPayload(0, someStatus()));
    return this;
  }

  Reply error() {
    error = draw.of(1062, 1213, 1064, 3024);
    status = -1;
    packet(new Wire().u8(0xFF).u16(error).text("#HY000no").bytes());
    return this;
  }

  /** A text or nothing, as COM_STATISTICS sends. */
  Reply text() {
    packet(new Wire().text("Uptime: 1  Threads: 1").bytes());
    return this;
  }

  private void endOfRows(int flags) {
    if (deprecateEof) {
      packet(okPayload(0xFE, flags));
    } else {
      eof(flags);
    }
  }

  private void eof(int flags) {
    packet(new Wire().u8(0xFE).u16(0).u16(flags).bytes());
    status = flags;
  }

  private byte[] columnDefinition() {
    String name = draw.of("id", "a_name", "x".repeat(240));
    return new Wire()
        .lenencText("def")
        .lenencText("db")
        .lenencText("t")
        .lenencText("t")
        .lenencText(name)
        .lenencText(name)
        .lenenc(12)
        .u16(63)
        .u32(255)
        .u8(0xFD)
        .u16(0)
        .u8(0)
        .u16(0)
        .bytes();
  }

  /** What answers a COM_QUERY or COM_STMT_EXECUTE. */
  Reply results(boolean binary, boolean mayAskForFile, boolean cursor) {
    int sets = 0;
    boolean more = true;
    while (more) {
      more = sets < 5 && draw.onceIn(5);
      int last = more ? ServerStatus.MORE_RESULTS_EXIST : 0;
      switch (draw.below(8)) {
        case 0, 1 -> packet(okPayload(0, someStatus() | last));
        case 2 -> {
          error();
          return this;
        }
        case 3 -> {
          if (mayAskForFile) {
            packet(new Wire().u8(0xFB).text("some.file").bytes());
            clientsTurn(Turn.FILE);
          }
          packet(okPayload(0, someStatus() | last));
        }
        default -> {
          if (!resultSet(binary, cursor && !more, last)) {
            return this;
          }
        }
      }
      sets++;
    }
    return this;
  }

  private boolean resultSet(boolean binary, boolean cursor, int last) {
    int count = 1 + draw.below(4);
    if (draw.onceIn(12)) {
      count = 260;
    }
    boolean full = !optionalMetadata || !draw.onceIn(3);
    Wire first = new Wire().lenenc(count);
    if (optionalMetadata) {
      first.u8(full ? 1 : 0);
    }
    packet(first.bytes());
    resultSets++;
    for (int i = 0; full && i < count; i++) {
      byte[] column = columnDefinition();
      if (resultSets == 1) {
        columns.add(column);
      }
      packet(column);
    }
    int flags = someStatus();
    if (cursor) {
      // Under DEPRECATE_EOF too: MySQL ends an opened cursor's definitions with one packet.
      endOfRows(flags | ServerStatus.CURSOR_EXISTS);
      return true;
    }
    if (!deprecateEof) {
      eof(flags | last);
    }
    return rows(binary, flags | last);
  }

  /** Rows up to their end, as COM_STMT_FETCH is answered. */
  Reply fetched() {
    rows(true, someStatus() | (draw.onceIn(2) ? LAST_ROW_SENT : ServerStatus.CURSOR_EXISTS));
    return this;
  }

  /** Returns false when an ERR ended them. */
  private boolean rows(boolean binary, int flags) {
    int count = draw.below(6);
    for (int i = 0; i < count; i++) {
      byte[] row =
          binary
              ? new Wire().u8(0).u8(0).raw(draw.bytes(20)).bytes()
              : textRow(draw.of(0, 3, 70, 251, 900));
      rows.add(row);
      packet(row);
    }
    if (draw.onceIn(10)) {
      error();
      return false;
    }
    endOfRows(flags);
    return true;
  }

  private byte[] textRow(int length) {
    return length == 0
        ? new byte[] {(byte) 0xFB}
        : new Wire().lenencText("v".repeat(length)).bytes();
  }

  /** What answers a COM_STMT_PREPARE. */
  Reply prepared(long id) {
    if (draw.onceIn(6)) {
      return error();
    }
    statementId = id;
    parameters = draw.below(4);
    int resultColumns = draw.below(3);
    boolean full = !optionalMetadata || !draw.onceIn(3);
    Wire first = new Wire().u8(0).u32(id).u16(resultColumns).u16(parameters).u8(0).u16(0);
    if (optionalMetadata) {
      first.u8(full ? 1 : 0);
    }
    packet(first.bytes());
    definitions(parameters, full);
    definitions(resultColumns, full);
    return this;
  }

  /** Without metadata the definitions are left out, but not the EOF behind them. */
  private void definitions(int count, boolean full) {
    for (int i = 0; full && i < count; i++) {
      packet(columnDefinition());
    }
    if (count > 0 && !deprecateEof) {
      eof(someStatus());
    }
  }

  /** What answers a COM_FIELD_LIST. */
  Reply fieldList() {
    if (draw.onceIn(5)) {
      return error();
    }
    int count = draw.below(4);
    for (int i = 0; i < count; i++) {
      packet(new Wire().raw(columnDefinition()).u8(0xFB).bytes());
    }
    endOfRows(someStatus());
    return this;
  }

  /** What answers a COM_CHANGE_USER. */
  Reply authentication() {
    int turns = draw.below(3);
    for (int i = 0; i < turns; i++) {
      packet(
          i == 0
              ? new Wire().u8(0xFE).text("mysql_native_password\0saltsaltsalt\0").bytes()
              : new Wire().u8(1).u8(4).bytes());
      clientsTurn(Turn.PACKET);
    }
    if (draw.onceIn(3)) {
      packet(new Wire().u8(1).u8(3).bytes());
    }
    return draw.onceIn(5) ? error() : ok();
  }

  /** One text row, as the relay's own questions are answered. */
  Reply row(String... values) {
    packet(
        new Wire()
            .lenenc(values.length)
            .raw(optionalMetadata ? new byte[] {1} : new byte[0])
            .bytes());
    for (int i = 0; i < values.length; i++) {
      packet(columnDefinition());
    }
    int flags = someStatus();
    if (!deprecateEof) {
      eof(flags);
    }
    Wire row = new Wire();
    for (String value : values) {
      row.lenencText(value);
    }
    packet(row.bytes());
    endOfRows(flags);
    return this;
  }
}
