package io.crossfade.server.frontend;

import io.crossfade.server.frame.Frames;
import io.crossfade.server.protocol.AnswerShape;
import io.crossfade.server.protocol.Capabilities;
import io.crossfade.server.protocol.CommandType;
import io.crossfade.server.protocol.ErrPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A client that sees packets: mysql_native_password, any capabilities of MySQL or MariaDB, one
 * command at a time.
 */
public final class RawClient implements AutoCloseable {
  private static final int TIME_LIMIT = 20_000;
  private static final String NATIVE = "mysql_native_password";

  private static final int UNKNOWN_STATEMENT = 1243;
  private static final int NO_OPEN_CURSOR = 1421;

  /** MySQL's "long password", by which a MariaDB says that it is a MySQL. */
  private static final long CLIENT_MYSQL = 1;

  private static final long USUAL =
      Capabilities.PROTOCOL_41
          | Capabilities.SECURE_CONNECTION
          | Capabilities.PLUGIN_AUTH
          | Capabilities.CONNECT_WITH_DB;

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final long capabilities;
  private final boolean mariaDb;
  private final AnswerReader reader;
  private final byte[] nonce = new byte[20];
  private List<byte[]> file = List.of();

  /** The server's number of this connection. */
  final long connectionId;

  /** What the login answered, the greeting's connection id and nonce zeroed. */
  final List<String> login = new ArrayList<>();

  /** Logs in as {@code app}, with the {@code wanted} capabilities as far as they are offered. */
  public RawClient(String host, int port, String database, long wanted) throws Exception {
    this(
        host,
        port,
        "app",
        database,
        wanted | Capabilities.MULTI_RESULTS | Capabilities.TRANSACTIONS);
  }

  /**
   * Logs in, with the {@code wanted} capabilities as far as they are offered; those from bit 32 on
   * are MariaDB's. The password is {@code app}.
   */
  RawClient(String host, int port, String user, String database, long wanted) throws Exception {
    socket = new Socket(host, port);
    socket.setSoTimeout(TIME_LIMIT);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    out = socket.getOutputStream();
    byte[] greeting = packet();
    int version = 5;
    while (greeting[version] != 0) {
      version++;
    }
    int id = version + 1;
    connectionId = number(greeting, id, 4);
    System.arraycopy(greeting, id + 4, nonce, 0, 8);
    System.arraycopy(greeting, id + 31, nonce, 8, 12);
    long offered = number(greeting, id + 13, 2) | number(greeting, id + 18, 2) << 16;
    mariaDb = (offered & CLIENT_MYSQL) == 0;
    if (mariaDb) {
      offered |= number(greeting, id + 27, 4) << 32;
    }
    capabilities = (wanted | USUAL) & offered;
    reader =
        new AnswerReader(
            new AnswerReader.Wire() {
              @Override
              public byte[] next() throws IOException {
                return packet();
              }

              @Override
              public void sendFile(int sequence) throws IOException {
                int next = sequence;
                for (byte[] piece : file) {
                  send(next++, piece);
                }
              }
            },
            capabilities);
    for (int i = 0; i < 31 + 12; i++) {
      // The connection id and the nonce; and what the relay masks, which is tested by itself.
      boolean masked = i == 13 || i == 14 || i == 18 || i == 19 || mariaDb && i >= 27;
      if (i < 12 || i >= 31 || masked) {
        greeting[id + i] = 0;
      }
    }
    login.add(ByteBufUtil.hexDump(greeting));
    send(1, response(user, database));
    byte[] reply = proven(packet(), "app", login);
    login.add(ByteBufUtil.hexDump(reply));
  }

  /** What follows {@code reply}, when that asks for the proof with a nonce of its own. */
  private byte[] proven(byte[] reply, String password, List<String> seen) throws Exception {
    if ((reply[4] & 0xFF) != 0xFE) {
      return reply;
    }
    int data = 5 + NATIVE.length() + 1;
    System.arraycopy(reply, data, nonce, 0, nonce.length);
    Arrays.fill(reply, data, data + nonce.length, (byte) 0);
    seen.add(ByteBufUtil.hexDump(reply));
    send(reply[3] + 1, scramble(password));
    return packet();
  }

  /** Becomes another user; the nonce of a question on the way is zeroed. */
  List<String> changeUser(String user, String password, String database) throws Exception {
    ByteBuf b = Unpooled.buffer();
    b.writeByte(CommandType.CHANGE_USER.code());
    b.writeCharSequence(user + '\0', StandardCharsets.US_ASCII);
    b.writeByte(nonce.length);
    b.writeBytes(scramble(password));
    b.writeCharSequence(database + '\0', StandardCharsets.US_ASCII);
    b.writeShortLE(collation());
    b.writeCharSequence(NATIVE + '\0', StandardCharsets.US_ASCII);
    if (has(Capabilities.CONNECT_ATTRS)) {
      b.writeByte(0);
    }
    List<String> seen = new ArrayList<>();
    send(0, ByteBufUtil.getBytes(b));
    seen.add(ByteBufUtil.hexDump(proven(packet(), password, seen)));
    return seen;
  }

  /** utf8mb4_general_ci, utf8mb4_0900_ai_ci. */
  private int collation() {
    return mariaDb ? 45 : 255;
  }

  private static long number(byte[] bytes, int at, int size) {
    long value = 0;
    for (int i = size - 1; i >= 0; i--) {
      value = value << 8 | bytes[at + i] & 0xFF;
    }
    return value;
  }

  private byte[] response(String user, String database) throws GeneralSecurityException {
    ByteBuf r = Unpooled.buffer();
    r.writeIntLE((int) capabilities);
    r.writeIntLE(0x4000_0000);
    r.writeByte(collation());
    r.writeZero(19);
    r.writeIntLE((int) (capabilities >>> 32));
    r.writeBytes((user + '\0').getBytes(StandardCharsets.US_ASCII));
    r.writeByte(20);
    r.writeBytes(scramble("app"));
    r.writeBytes((database + '\0' + NATIVE + '\0').getBytes(StandardCharsets.US_ASCII));
    if (has(Capabilities.CONNECT_ATTRS)) {
      byte[] attributes = "\4_pid\0014\14program_name\4test".getBytes(StandardCharsets.US_ASCII);
      r.writeByte(attributes.length);
      r.writeBytes(attributes);
    }
    return ByteBufUtil.getBytes(r);
  }

  /** The proof for {@code password} under the login's nonce. */
  byte[] scramble(String password) throws GeneralSecurityException {
    MessageDigest sha = MessageDigest.getInstance("SHA-1");
    byte[] once = sha.digest(password.getBytes(StandardCharsets.US_ASCII));
    byte[] twice = sha.digest(once);
    sha.update(nonce);
    byte[] mix = sha.digest(twice);
    for (int i = 0; i < mix.length; i++) {
      mix[i] ^= once[i];
    }
    return mix;
  }

  /** Whether this capability was agreed on. */
  boolean has(long capability) {
    return Capabilities.has(capabilities, capability);
  }

  /** The pieces that are sent when a file is asked for; the empty one that ends it is one too. */
  void file(List<byte[]> pieces) {
    file = pieces;
  }

  private byte[] packet() throws IOException {
    byte[] header = new byte[4];
    in.readFully(header);
    int length = (int) number(header, 0, 3);
    byte[] whole = new byte[4 + length];
    System.arraycopy(header, 0, whole, 0, 4);
    in.readFully(whole, 4, length);
    return whole;
  }

  private void send(int sequence, byte[] payload) throws IOException {
    ByteBuf b = Unpooled.buffer();
    Frames.write(b, sequence, payload);
    out.write(b.array(), 0, b.writerIndex());
    out.flush();
  }

  /** Sends a text and reads its whole answer: one hexadecimal text a packet. */
  public List<String> query(String sql) throws IOException {
    sendQuery(sql);
    return answer(AnswerShape.RESULTS);
  }

  /** Sends a text; its answer is not read yet. */
  void sendQuery(String sql) throws IOException {
    send(0, queryPayload(sql));
  }

  /** A COM_QUERY without attributes. */
  byte[] queryPayload(String sql) {
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    payload.write(CommandType.QUERY.code());
    if (has(Capabilities.QUERY_ATTRIBUTES)) {
      payload.write(0);
      payload.write(1);
    }
    payload.writeBytes(sql.getBytes(StandardCharsets.UTF_8));
    return payload.toByteArray();
  }

  /** Prepares a statement. */
  public List<String> prepare(String sql) throws IOException {
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    payload.write(CommandType.STMT_PREPARE.code());
    payload.writeBytes(sql.getBytes(StandardCharsets.UTF_8));
    return command(payload.toByteArray());
  }

  /** Executes the statement that was prepared last; {@code types}: whether theirs are sent too. */
  public List<String> execute(boolean types, long... values) throws IOException {
    return command(executePayload(reader.statementId(), 0, types, values));
  }

  /** A COM_STMT_EXECUTE with BIGINT parameters. */
  byte[] executePayload(long statement, int flags, boolean types, long... values) {
    boolean attributes = has(Capabilities.QUERY_ATTRIBUTES);
    ByteBuf b = Unpooled.buffer();
    b.writeByte(CommandType.STMT_EXECUTE.code());
    b.writeIntLE((int) statement);
    b.writeByte(attributes ? flags | 8 : flags);
    b.writeIntLE(1);
    if (attributes) {
      b.writeByte(values.length);
    }
    if (values.length > 0) {
      b.writeZero((values.length + 7) / 8);
      b.writeBoolean(types);
    }
    for (int i = 0; types && i < values.length; i++) {
      b.writeShortLE(8);
      if (attributes) {
        b.writeByte(0);
      }
    }
    for (long value : values) {
      b.writeLongLE(value);
    }
    return ByteBufUtil.getBytes(b);
  }

  /** Sends a command and reads its whole answer: one hexadecimal text a packet. */
  List<String> command(byte[] payload) throws IOException {
    send(0, payload);
    return answerTo(payload[0] & 0xFF);
  }

  /** Sends a command in several packets of one write each; nothing is read. */
  void sendPipelined(byte[]... payloads) throws IOException {
    ByteBuf b = Unpooled.buffer();
    for (byte[] payload : payloads) {
      Frames.write(b, 0, payload);
    }
    out.write(b.array(), 0, b.writerIndex());
    out.flush();
  }

  /** Sends bytes as they are. */
  void sendRaw(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /** Reads the answer to a command that was sent before. */
  List<String> answerTo(int command) throws IOException {
    List<byte[]> packets = reader.answerTo(command);
    if (mariaDb && !packets.isEmpty()) {
      packets.set(0, withoutStatement(command, packets.get(0)));
    }
    return texts(packets);
  }

  /** Reads one answer. */
  List<String> answer(AnswerShape shape) throws IOException {
    return switch (shape) {
      case NONE -> List.of();
      case RESULTS -> answerTo(CommandType.QUERY.code());
      case ROWS -> answerTo(CommandType.STMT_FETCH.code());
      case FIELDS -> answerTo(CommandType.FIELD_LIST.code());
      case PREPARE -> answerTo(CommandType.STMT_PREPARE.code());
      case ONE, AUTHENTICATION, ENDLESS -> answerTo(CommandType.PING.code());
    };
  }

  /** MariaDB numbers its statements over all sessions, and names the number in two errors. */
  private static byte[] withoutStatement(int command, byte[] packet) {
    boolean error = packet.length > 6 && packet[4] == (byte) ErrPacket.HEADER;
    int code = error ? (int) number(packet, 5, 2) : 0;
    if (code == UNKNOWN_STATEMENT || code == NO_OPEN_CURSOR) {
      String text = new String(packet, 4, packet.length - 4, StandardCharsets.ISO_8859_1);
      return ("0000" + text.replaceAll("\\([0-9]+\\)", "(#)"))
          .getBytes(StandardCharsets.ISO_8859_1);
    }
    if (command == CommandType.STMT_PREPARE.code() && packet.length >= 16 && packet[4] == 0) {
      byte[] masked = packet.clone();
      Arrays.fill(masked, 5, 9, (byte) 0);
      return masked;
    }
    return packet;
  }

  private static List<String> texts(List<byte[]> packets) {
    return packets.stream()
        .map(
            packet ->
                packet.length > 4096
                    ? packet.length + " bytes, hash " + Arrays.hashCode(packet)
                    : ByteBufUtil.hexDump(packet))
        .toList();
  }

  /** The number of the statement that was prepared last. */
  long statementId() {
    return reader.statementId();
  }

  /** Whether the other side has closed, in order or, as it had not read everything, by a reset. */
  boolean closed() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  /** What the server sends, packets and all. */
  public InputStream input() {
    return in;
  }

  /** Where bytes go to the server as they are. */
  public OutputStream output() {
    return out;
  }

  /** Says that nothing more will be sent; answers can still be read. */
  void finish() throws IOException {
    socket.shutdownOutput();
  }

  /** Goes away without a word: the other side gets a reset. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
