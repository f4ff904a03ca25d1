package io.crossfade.server.frontend;

import io.crossfade.server.protocol.CommandType;
import io.netty.buffer.ByteBufUtil;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** One client's session in which everything sent and answered is written down. */
final class Talk implements AutoCloseable {
  private static final int UNSUPPORTED_IN_PREPARED = 1295;

  /** A set of transactions with the five bytes before it, which hold lengths. */
  private static final Pattern TRANSACTIONS =
      Pattern.compile("(?s).{0,5}[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:[0-9:-]+");

  /** Hexadecimal digits: of a packet's header, up to an end's status, of the longest end. */
  private static final int HEADER = 8;

  private static final int STATUS = HEADER + 6;
  private static final int MAX_END = 64;

  /** SERVER_QUERY_NO_GOOD_INDEX_USED and SERVER_QUERY_NO_INDEX_USED. */
  private static final int PLAN_FLAGS = 0x10 | 0x20;

  private static final Pattern NUMBER = Pattern.compile("[\\x00-\\x1f]?[0-9]+");

  private final Place place;
  final RawClient client;
  final List<String> seen = new ArrayList<>();

  /** Where to connect and how. */
  record Place(String host, int port, String schema, long capabilities) {
    Talk talk(String user) throws Exception {
      return new Talk(this, user);
    }
  }

  private Talk(Place place, String user) throws Exception {
    this.place = place;
    client = new RawClient(place.host(), place.port(), user, place.schema(), place.capabilities());
    note("login", client.login);
  }

  /** Another session at the same place. */
  Talk other() throws Exception {
    return place.talk("app");
  }

  Place place() {
    return place;
  }

  void note(String what, List<String> answer) {
    label(what);
    seen.addAll(answer);
  }

  private void label(String what) {
    seen.add("> " + (what.length() > 200 ? what.substring(0, 200) + "…" : what));
  }

  /** Sends a text. */
  void text(String sql) throws IOException {
    label(sql);
    seen.addAll(client.query(sql));
  }

  /** Sends a text whose answer's digits are of the moment. */
  void masked(String sql) throws IOException {
    note(sql, withoutDigits(client.query(sql)));
  }

  /** Prepares, executes and closes; what cannot be prepared is sent as a text. */
  void binary(String sql) throws IOException {
    List<String> prepared = client.prepare(sql);
    note("prepare " + sql, prepared);
    if (prepared.get(0).startsWith("00", 8) && prepared.get(0).length() >= 32) {
      note("execute " + sql, client.execute(true));
      client.command(id(CommandType.STMT_CLOSE, client.statementId()));
    } else if (prepared.get(0).startsWith("ff", 8)
        && errorCode(prepared.get(0)) == UNSUPPORTED_IN_PREPARED) {
      text(sql);
    }
  }

  /** Sends a command. */
  void command(String what, byte[] payload) throws IOException {
    label(what);
    seen.addAll(client.command(payload));
  }

  /** Sends a command that the server may answer by closing. */
  void lastCommand(String what, byte[] payload) throws IOException {
    try {
      command(what, payload);
    } catch (EOFException | SocketException e) {
      seen.add("closed");
    }
  }

  /** Reads the answer to a text sent before, after which the server closes. */
  void lastAnswer(String what) throws IOException {
    try {
      note(what, client.answerTo(CommandType.QUERY.code()));
      note("closed", List.of(Boolean.toString(client.closed())));
    } catch (EOFException | SocketException e) {
      note(what, List.of("closed"));
    }
  }

  static int errorCode(String packet) {
    return Integer.parseInt(packet.substring(12, 14) + packet.substring(10, 12), 16);
  }

  /**
   * Headers go too, and what stands before a number or a set of transactions: its length, which may
   * be another one another time.
   */
  static List<String> withoutDigits(List<String> packets) {
    return packets.stream()
        .map(
            packet ->
                new String(
                    ByteBufUtil.decodeHexDump(packet, 8, packet.length() - 8),
                    StandardCharsets.ISO_8859_1))
        .map(text -> TRANSACTIONS.matcher(text).replaceAll("#transactions"))
        .map(text -> NUMBER.matcher(text).replaceAll("#"))
        .toList();
  }

  /** Clears what the end of a result says of its plan: no index, or no good one, was used. */
  static String withoutPlan(String packet) {
    if (!packet.startsWith("fe", HEADER) || packet.length() > HEADER + MAX_END) {
      return packet;
    }
    int status = Integer.parseInt(packet.substring(STATUS, STATUS + 2), 16) & ~PLAN_FLAGS;
    return packet.substring(0, STATUS) + "%02x".formatted(status) + packet.substring(STATUS + 2);
  }

  static byte[] text(CommandType type, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] payload = new byte[1 + bytes.length];
    payload[0] = (byte) type.code();
    System.arraycopy(bytes, 0, payload, 1, bytes.length);
    return payload;
  }

  static byte[] id(CommandType type, long number) {
    return bytes(type.code(), number, number >> 8, number >> 16, number >> 24);
  }

  static byte[] bytes(long... bytes) {
    byte[] all = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      all[i] = (byte) bytes[i];
    }
    return all;
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
