package io.crossfade.server.fuzz;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command of the fake client with the answer the fake MySQL will give. */
final class Ask {
  final int code;
  final byte[] packet;
  final Reply reply;

  /** Whether a plugin must see it. */
  final boolean mustBeShown;

  /** What the client sends at its turns within the answer. */
  List<byte[]> followUps = List.of();

  /** Whether the client waits for its answer before it sends anything else. */
  boolean lone;

  /** Whether it asks for what the SELECT before left behind. */
  boolean readsDiagnostics;

  /** The statement that it executes or sends data for; null when it is nothing of that kind. */
  @Nullable Prepared statement;

  /** Of an execution without the types of its parameters: the same with them. */
  byte @Nullable [] withTypes;

  /** Whether it is an execution that carries types. */
  boolean bringsTypes;

  /** Of an execution: which of the statement's types its values have. */
  int types;

  /** Whether it is an execution whose first parameter was sent ahead. */
  boolean longData;

  boolean asked;
  int heardOfItsEnd;

  /** What both sides know of a prepared statement. */
  static final class Prepared {
    final long id;
    final int parameters;
    final boolean watched;
    final boolean readsDiagnostics;

    /** A number for the types the client has sent last; 0 before. */
    int types;

    /** The same of those MySQL got last. */
    int mysqlTypes;

    /** Whether MySQL got them from an execution that the relay repeated. */
    boolean typesOfReplay;

    boolean longData;
    boolean mysqlHasLongData;
    boolean closedAtMysql;

    Prepared(long id, int parameters, boolean watched, boolean readsDiagnostics) {
      this.id = id;
      this.parameters = parameters;
      this.watched = watched;
      this.readsDiagnostics = readsDiagnostics;
    }
  }

  Ask(int code, byte[] payload, Reply reply, boolean mustBeShown) {
    this.code = code;
    this.packet = Wire.packetOf(0, payload);
    this.reply = reply;
    this.mustBeShown = mustBeShown;
  }

  boolean streamed() {
    return packet.length - 4 > Duplex.INSPECT_LIMIT;
  }

  /** Whether MySQL answers nothing to it. */
  boolean silent() {
    return code == 0x18 || code == 0x19;
  }

  /** Whether it is a text with that in it. */
  boolean says(String words) {
    return code == 0x03
        && new String(packet, java.nio.charset.StandardCharsets.ISO_8859_1).contains(words);
  }

  @Override
  public String toString() {
    return Integer.toHexString(code)
        + " of "
        + packet.length
        + " bytes: "
        + new String(
            packet,
            5,
            Math.min(packet.length - 5, 80),
            java.nio.charset.StandardCharsets.ISO_8859_1);
  }
}
