package io.crossfade.server.frontend;

import io.crossfade.server.protocol.Capabilities;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads whole answers from a blocking connection. Written without the relay's own tracker, so that
 * the two check each other: an answer that ends where one of them does not expect it leaves the
 * client waiting or out of step.
 */
final class AnswerReader {
  private static final int MORE_RESULTS = 8;
  private static final int CURSOR_EXISTS = 0x40;
  private static final long MARIADB_PROGRESS = 1L << 32;
  private static final long MARIADB_CACHE_METADATA = 1L << 36;

  private final Wire wire;
  private final boolean deprecateEof;
  private final boolean optionalMetadata;
  private final boolean cachedMetadata;
  private final boolean progress;
  private List<byte[]> packets = new ArrayList<>();
  private long statementId;

  /** The connection. */
  interface Wire {
    /** The next packet with its header. */
    byte[] next() throws IOException;

    /** Sends what a LOCAL INFILE request asks for, beginning with this sequence number. */
    void sendFile(int sequence) throws IOException;
  }

  AnswerReader(Wire wire, long capabilities) {
    this.wire = wire;
    deprecateEof = Capabilities.has(capabilities, Capabilities.DEPRECATE_EOF);
    optionalMetadata = Capabilities.has(capabilities, Capabilities.OPTIONAL_RESULTSET_METADATA);
    cachedMetadata = Capabilities.has(capabilities, MARIADB_CACHE_METADATA);
    progress = Capabilities.has(capabilities, MARIADB_PROGRESS);
  }

  /** Which answer a command byte has. */
  List<byte[]> answerTo(int command) throws IOException {
    try {
      return read(command);
    } catch (SocketTimeoutException e) {
      String last =
          packets.isEmpty() ? "nothing" : ByteBufUtil.hexDump(packets.get(packets.size() - 1));
      throw new IOException("the answer does not end, after " + packets.size() + ": " + last, e);
    }
  }

  private List<byte[]> read(int command) throws IOException {
    return switch (command) {
      case 0x01, 0x18, 0x19 -> List.of();
      case 0x03, 0x0A, 0x17, 0xFA -> results();
      case 0x04 -> fields();
      case 0x11 -> dialogue();
      case 0x12, 0x1E -> dump();
      case 0x16 -> prepared();
      case 0x1C -> fetched();
      default -> one();
    };
  }

  private byte[] next() throws IOException {
    byte[] packet = wire.next();
    packets.add(packet);
    return packet;
  }

  private List<byte[]> taken() {
    List<byte[]> taken = packets;
    packets = new ArrayList<>();
    return taken;
  }

  private static int first(byte[] packet) {
    return packet.length > 4 ? packet[4] & 0xFF : -1;
  }

  private List<byte[]> one() throws IOException {
    next();
    return taken();
  }

  List<byte[]> results() throws IOException {
    int status;
    do {
      byte[] packet = next();
      while (isProgress(packet)) {
        packet = next();
      }
      status = 0;
      switch (first(packet)) {
        case 0x00 -> status = okStatus(packet);
        case 0xFF -> {}
        case 0xFB -> {
          wire.sendFile(packet[3] + 1);
          status = MORE_RESULTS;
        }
        default -> status = resultSet(packet);
      }
    } while ((status & MORE_RESULTS) != 0);
    return taken();
  }

  private boolean isProgress(byte[] packet) {
    return progress && first(packet) == 0xFF && packet[5] == -1 && packet[6] == -1;
  }

  private int resultSet(byte[] header) throws IOException {
    int[] at = {4};
    int columns = (int) lenenc(header, at);
    boolean definitions = !(optionalMetadata || cachedMetadata) || header[at[0]] != 0;
    for (int i = 0; definitions && i < columns; i++) {
      if (first(next()) == 0xFF) {
        return 0;
      }
    }
    if (!deprecateEof) {
      byte[] eof = next();
      if (first(eof) == 0xFF || opensCursor(endStatus(eof))) {
        return 0;
      }
    }
    return rows();
  }

  /** In a procedure the flag is also there while one of its own cursors is open. */
  private static boolean opensCursor(int status) {
    return (status & (CURSOR_EXISTS | MORE_RESULTS)) == CURSOR_EXISTS;
  }

  private int rows() throws IOException {
    while (true) {
      byte[] packet = next();
      if (isProgress(packet)) {
        continue;
      }
      if (first(packet) == 0xFF) {
        return 0;
      }
      if (first(packet) == 0xFE && packet.length - 4 < (deprecateEof ? 0xFFFFFF : 9)) {
        return endStatus(packet);
      }
    }
  }

  private List<byte[]> fetched() throws IOException {
    rows();
    return taken();
  }

  private List<byte[]> fields() throws IOException {
    int first;
    do {
      first = first(next());
    } while (first != 0xFE && first != 0xFF);
    return taken();
  }

  private List<byte[]> prepared() throws IOException {
    byte[] ok = next();
    if (first(ok) != 0 || ok.length < 16) {
      return taken(); // MySQL answers a SET without the right to it by an OK of the other kind
    }
    statementId = number(ok, 5, 4);
    int[] counts = {(int) number(ok, 11, 2), (int) number(ok, 9, 2)};
    boolean definitions = !optionalMetadata || ok.length < 17 || ok[16] != 0;
    for (int count : counts) {
      for (int i = 0; definitions && i < count; i++) {
        next();
      }
      if (count > 0 && !deprecateEof) {
        next();
      }
    }
    return taken();
  }

  /** A change of user whose scramble is asked for again is not answered: it fails. */
  private List<byte[]> dialogue() throws IOException {
    next();
    return taken();
  }

  /** Events up to the end that a dump without waiting has, or an error. */
  private List<byte[]> dump() throws IOException {
    boolean ended = false;
    boolean continued = false;
    while (!ended) {
      byte[] packet = next();
      // What goes on with an event of more than 16 MiB begins with whatever byte comes next.
      ended = !continued && first(packet) != 0;
      continued = number(packet, 0, 3) == 0xFFFFFF;
    }
    return taken();
  }

  private int endStatus(byte[] packet) {
    return deprecateEof && packet.length > 9 ? okStatus(packet) : (int) number(packet, 7, 2);
  }

  private static int okStatus(byte[] ok) {
    int[] at = {5};
    lenenc(ok, at);
    lenenc(ok, at);
    return (int) number(ok, at[0], 2);
  }

  private static long lenenc(byte[] packet, int[] at) {
    int first = packet[at[0]++] & 0xFF;
    int size = first == 0xFC ? 2 : first == 0xFD ? 3 : first == 0xFE ? 8 : 0;
    if (size == 0) {
      return first;
    }
    at[0] += size;
    return number(packet, at[0] - size, size);
  }

  private static long number(byte[] packet, int at, int size) {
    long value = 0;
    for (int i = size - 1; i >= 0; i--) {
      value = value << 8 | packet[at + i] & 0xFF;
    }
    return value;
  }

  /** The number of the statement that was prepared last. */
  long statementId() {
    return statementId;
  }
}
