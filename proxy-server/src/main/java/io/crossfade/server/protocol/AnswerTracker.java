package io.crossfade.server.protocol;

import io.crossfade.server.frame.PacketScanner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Knows where the answer to a command ends, from the headers of its packets: "COM_QUERY Response",
 * "COM_STMT_PREPARE Response", "Binary Protocol Resultset" in the manual. Rows are not looked into.
 * Event-loop confined; one answer at a time.
 */
public final class AnswerTracker {
  /** Enough of a packet to read the numbers of an OK packet. */
  private static final int KEEP_NUMBERS = 64;

  /** A COM_STMT_PREPARE_OK is not shorter than this. */
  private static final int PREPARE_OK = 12;

  private static final int KEEP_WHOLE = 1 << 20;

  /** An OK packet whose numbers are below 251 and that says nothing more. */
  private static final int SHORTEST_OK = 7;

  private final boolean deprecateEof;
  private final boolean optionalMetadata;
  private final boolean progress;
  private final long capabilities;

  private AnswerShape shape = AnswerShape.NONE;
  private Capture capture = Capture.NOTHING;
  private State state = State.FIRST;
  private int definitions;
  private int moreDefinitions;
  private boolean bare;
  private int resultSets;
  private AnswerEnd end = AnswerEnd.NOTHING;
  private AnswerEnd plain = AnswerEnd.NOTHING;
  private long statementId;
  private int parameters;
  private List<byte[]> columns = List.of();
  private List<byte[]> rows = List.of();
  private byte @Nullable [] lastPacket;
  private @Nullable ErrPacket error;

  /** For a connection with these negotiated capabilities. */
  public AnswerTracker(long capabilities) {
    this.capabilities = capabilities;
    deprecateEof = Capabilities.has(capabilities, Capabilities.DEPRECATE_EOF);
    optionalMetadata =
        Capabilities.has(capabilities, Capabilities.OPTIONAL_RESULTSET_METADATA)
            || Capabilities.has(capabilities, Capabilities.MARIADB_CACHE_METADATA);
    progress =
        Capabilities.has(capabilities, Capabilities.MARIADB_PROGRESS)
            || Capabilities.has(capabilities, Capabilities.MARIADB_OLD_PROGRESS);
  }

  /** What of an answer is copied. */
  public enum Capture {
    NOTHING,
    /** Column definitions and the packet that ends the rows. */
    METADATA,
    /** The rows. */
    ROWS
  }

  /** What a packet means for the dialogue. */
  public enum Step {
    /** The answer goes on. */
    MORE,
    /** The client is asked for a file's content, then the answer goes on. */
    CLIENT_SENDS_FILE,
    /** In an authentication dialogue: the client is to send one packet. */
    CLIENT_SENDS_PACKET,
    /** The answer is complete. */
    DONE
  }

  private enum State {
    FIRST,
    DEFINITIONS,
    DEFINITIONS_EOF,
    ROWS
  }

  /** Expects a new answer. */
  public void begin(AnswerShape newShape, Capture newCapture) {
    statementId = 0;
    parameters = 0;
    shape = newShape;
    capture = newCapture;
    state = newShape == AnswerShape.ROWS ? State.ROWS : State.FIRST;
    resultSets = 0;
    end = AnswerEnd.NOTHING;
    columns = newCapture == Capture.METADATA ? new ArrayList<>() : List.of();
    rows = newCapture == Capture.ROWS ? new ArrayList<>() : List.of();
    lastPacket = null;
    error = null;
  }

  /** Whether rows pass that nobody wants to see. */
  public boolean inRows() {
    return state == State.ROWS
        && capture != Capture.ROWS
        && (shape == AnswerShape.RESULTS || shape == AnswerShape.ROWS);
  }

  /** How many first bytes of a packet that spans buffers this tracker wants to see. */
  public int keep() {
    return shape == AnswerShape.ENDLESS || state == State.ROWS && capture == Capture.NOTHING
        ? KEEP_NUMBERS
        : KEEP_WHOLE;
  }

  /**
   * Takes note of a packet that passed.
   *
   * @throws MalformedPacketException when it cannot be what MySQL answers here
   */
  public Step packet(PacketScanner packet) {
    if (packet.continuation()) {
      return Step.MORE;
    }
    return switch (shape) {
      case RESULTS, ROWS -> results(packet);
      case ONE -> one(packet);
      case PREPARE -> prepare(packet);
      case FIELDS -> fields(packet);
      case AUTHENTICATION -> authentication(packet);
      case ENDLESS -> stream(packet);
      case NONE -> Step.MORE;
    };
  }

  private Step results(PacketScanner packet) {
    return switch (state) {
      case ROWS -> row(packet);
      case FIRST -> first(packet);
      case DEFINITIONS -> definition(packet);
      case DEFINITIONS_EOF -> definitionsEnd(packet);
    };
  }

  private Step row(PacketScanner packet) {
    int first = packet.first();
    if (first == 0xFE && packet.length() < (deprecateEof ? 0xFF_FFFF : EofPacket.LIMIT)) {
      if (capture == Capture.METADATA) {
        lastPacket = packet.available() == packet.length() ? copy(packet) : null;
      }
      return afterEnd(endOfRows(packet));
    }
    if (first == ErrPacket.HEADER) {
      return error(packet);
    }
    if (capture == Capture.ROWS) {
      rows.add(copy(packet));
    }
    return Step.MORE;
  }

  private Step first(PacketScanner packet) {
    switch (packet.first()) {
      case 0x00:
        return afterEnd(ok(packet));
      case ErrPacket.HEADER:
        return error(packet);
      case 0xFB:
        return Step.CLIENT_SENDS_FILE;
      default:
        definitions = definitions(packet);
        resultSets++;
        state = definitions > 0 ? State.DEFINITIONS : afterDefinitions();
        return Step.MORE;
    }
  }

  private int definitions(PacketScanner packet) {
    if (packet.length() == 1 && packet.first() < 0xFB) {
      return packet.first();
    }
    ByteBuf payload = packet.payload();
    int count = (int) Lenenc.readInt(payload);
    return optionalMetadata && payload.isReadable() && payload.readByte() == 0 ? 0 : count;
  }

  private Step definition(PacketScanner packet) {
    if (packet.first() == ErrPacket.HEADER) {
      return error(packet);
    }
    if (capture == Capture.METADATA && resultSets == 1) {
      columns.add(copy(packet));
    }
    if (--definitions == 0) {
      state = afterDefinitions();
    }
    return Step.MORE;
  }

  private State afterDefinitions() {
    return deprecateEof ? State.ROWS : State.DEFINITIONS_EOF;
  }

  private Step definitionsEnd(PacketScanner packet) {
    if (packet.first() == ErrPacket.HEADER) {
      return error(packet);
    }
    if (packet.first() == 0x00) {
      // MySQL 8.0.31, when a statement is executed whose cursor is still open.
      return afterEnd(ok(packet));
    }
    AnswerEnd eof = endOfRows(packet);
    if (eof.has(ServerStatus.CURSOR_EXISTS) && !eof.has(ServerStatus.MORE_RESULTS_EXIST)) {
      // The rows of an opened cursor are fetched by COM_STMT_FETCH. In a procedure the flag tells
      // of
      // the procedure's own cursors; the procedure's end is still to come then.
      return afterEnd(eof);
    }
    state = State.ROWS;
    return Step.MORE;
  }

  private Step prepare(PacketScanner packet) {
    if (packet.first() == ErrPacket.HEADER) {
      return error(packet);
    }
    switch (state) {
      case FIRST -> {
        if (packet.length() < PREPARE_OK) {
          // MySQL answers the preparing of a SET GLOBAL without the right to it by a plain OK.
          return Step.DONE;
        }
        prepared(packet.payload());
        return nextDefinitions();
      }
      case DEFINITIONS -> {
        if (--definitions > 0) {
          return Step.MORE;
        }
        if (deprecateEof) {
          return nextDefinitions();
        }
        state = State.DEFINITIONS_EOF;
        return Step.MORE;
      }
      case DEFINITIONS_EOF, ROWS -> {
        end = AnswerEnd.of(EofPacket.decode(packet.payload()));
        return nextDefinitions();
      }
    }
    throw new AssertionError(state);
  }

  private void prepared(ByteBuf ok) {
    Lenenc.require(ok, 9);
    ok.skipBytes(1);
    statementId = ok.readUnsignedIntLE();
    int columnCount = ok.readUnsignedShortLE();
    parameters = ok.readUnsignedShortLE();
    boolean full =
        !optionalMetadata || ok.readableBytes() < 4 || ok.getByte(ok.readerIndex() + 3) != 0;
    // Definitions that are not wanted are left out, but not the EOF behind them.
    bare = !full;
    definitions = full || !deprecateEof ? parameters : 0;
    moreDefinitions = full || !deprecateEof ? columnCount : 0;
  }

  private Step nextDefinitions() {
    if (definitions == 0) {
      definitions = moreDefinitions;
      moreDefinitions = 0;
    }
    if (definitions == 0) {
      return Step.DONE;
    }
    if (bare) {
      definitions = 0;
      state = State.DEFINITIONS_EOF;
    } else {
      state = State.DEFINITIONS;
    }
    return Step.MORE;
  }

  private Step fields(PacketScanner packet) {
    if (packet.first() == ErrPacket.HEADER) {
      return error(packet);
    }
    if (packet.first() == 0xFE) {
      end = endOfRows(packet);
      return Step.DONE;
    }
    return Step.MORE;
  }

  private Step one(PacketScanner packet) {
    switch (packet.first()) {
      case 0x00 -> end = ok(packet);
      case 0xFE -> end = endOfRows(packet);
      case ErrPacket.HEADER -> {
        return error(packet);
      }
      default -> end = AnswerEnd.NOTHING;
    }
    return Step.DONE;
  }

  /** "Connection Phase": 0x01 carries a plugin's data, of which {@code 01 03} asks for nothing. */
  private Step authentication(PacketScanner packet) {
    switch (packet.first()) {
      case 0x00 -> {
        end = AnswerEnd.of(OkPacket.decode(packet.payload(), capabilities));
        return Step.DONE;
      }
      case ErrPacket.HEADER -> {
        return error(packet);
      }
      case 0x01 -> {
        boolean fastAuthOk =
            packet.length() == 2 && packet.bytes().getByte(packet.offset() + 1) == 3;
        return fastAuthOk ? Step.MORE : Step.CLIENT_SENDS_PACKET;
      }
      default -> {
        return Step.CLIENT_SENDS_PACKET;
      }
    }
  }

  private AnswerEnd endOfRows(PacketScanner packet) {
    if (deprecateEof && packet.length() > 5) {
      return ok(packet);
    }
    if (packet.length() != 5 || packet.available() != 5) {
      return AnswerEnd.of(EofPacket.decode(packet.payload()));
    }
    ByteBuf in = packet.bytes();
    int at = packet.offset();
    return plain(0, 0, in.getUnsignedShortLE(at + 3), in.getUnsignedShortLE(at + 1));
  }

  /** An OK packet; the shortest, commonest one without making objects. */
  private AnswerEnd ok(PacketScanner packet) {
    ByteBuf in = packet.bytes();
    int at = packet.offset();
    if (packet.length() == SHORTEST_OK && packet.available() == SHORTEST_OK) {
      int affected = in.getUnsignedByte(at + 1);
      int insertId = in.getUnsignedByte(at + 2);
      if (affected < 0xFB && insertId < 0xFB) {
        return plain(
            affected, insertId, in.getUnsignedShortLE(at + 3), in.getUnsignedShortLE(at + 5));
      }
    }
    return AnswerEnd.of(OkPacket.decode(packet.payload(), capabilities));
  }

  /** Most answers end like the one before. */
  private AnswerEnd plain(int affected, int insertId, int status, int warnings) {
    AnswerEnd last = plain;
    if (last.status() != status
        || last.warnings() != warnings
        || last.affectedRows() != affected
        || last.lastInsertId() != insertId) {
      last = new AnswerEnd(0, status, affected, insertId, warnings, -1, SessionChanges.NONE);
      plain = last;
    }
    return last;
  }

  private Step afterEnd(AnswerEnd newEnd) {
    end = newEnd;
    state = State.FIRST;
    return shape == AnswerShape.RESULTS && newEnd.has(ServerStatus.MORE_RESULTS_EXIST)
        ? Step.MORE
        : Step.DONE;
  }

  /** A binlog dump: events, until an error or, if it does not wait for more, an EOF. */
  private Step stream(PacketScanner packet) {
    if (packet.first() == ErrPacket.HEADER) {
      return error(packet);
    }
    if (packet.first() == 0xFE && packet.length() < EofPacket.LIMIT) {
      end = endOfRows(packet);
      return Step.DONE;
    }
    return Step.MORE;
  }

  private Step error(PacketScanner packet) {
    ErrPacket err = ErrPacket.decode(packet.payload());
    if (progress && err.code() == ErrPacket.PROGRESS) {
      return Step.MORE;
    }
    error = err;
    end = AnswerEnd.error(err.code());
    return Step.DONE;
  }

  private static byte[] copy(PacketScanner packet) {
    return ByteBufUtil.getBytes(packet.bytes(), packet.offset(), packet.available());
  }

  /** What the last packet that said so told of the session and the statement. */
  public AnswerEnd end() {
    return end;
  }

  /** How many result sets began. */
  public int resultSets() {
    return resultSets;
  }

  /** The captured column definitions of the first result set. */
  public List<byte[]> columns() {
    return columns;
  }

  /** The captured packet that ended the rows; null when none ended so. */
  public byte @Nullable [] lastPacket() {
    return lastPacket;
  }

  /** The error that ended the answer; null when none did. */
  public @Nullable ErrPacket error() {
    return error;
  }

  /** The captured rows. */
  public List<byte[]> rows() {
    return rows;
  }

  /** The number of the statement that was prepared. */
  public long statementId() {
    return statementId;
  }

  /** How many parameters it has. */
  public int parameters() {
    return parameters;
  }
}
