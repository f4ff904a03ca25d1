package io.crossfade.server.frontend;

import io.crossfade.server.frame.PacketScanner;
import io.crossfade.server.protocol.AnswerShape;
import io.crossfade.server.protocol.AnswerTracker;
import io.crossfade.server.protocol.AnswerTracker.Capture;
import io.crossfade.server.protocol.AnswerTracker.Step;
import io.crossfade.server.protocol.Capabilities;
import io.crossfade.server.protocol.CommandType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/** A client that sees packets: mysql_native_password, any capabilities, one command at a time. */
public final class RawClient implements AutoCloseable {
  private static final int TIME_LIMIT = 20_000;

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final long capabilities;
  private final AnswerTracker tracker;

  /** What the login answered, the greeting's connection id and nonce zeroed. */
  final List<String> login = new ArrayList<>();

  /** Logs in as {@code app}, with the {@code wanted} capabilities as far as they are offered. */
  public RawClient(String host, int port, String database, long wanted) throws Exception {
    socket = new Socket(host, port);
    socket.setSoTimeout(TIME_LIMIT);
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
    byte[] greeting = packet();
    byte[] nonce = new byte[20];
    int version = 5;
    while (greeting[version] != 0) {
      version++;
    }
    int id = version + 1;
    System.arraycopy(greeting, id + 4, nonce, 0, 8);
    System.arraycopy(greeting, id + 31, nonce, 8, 12);
    long offered =
        (greeting[id + 13] & 0xFF)
            | (greeting[id + 14] & 0xFFL) << 8
            | (greeting[id + 18] & 0xFFL) << 16
            | (greeting[id + 19] & 0xFFL) << 24;
    capabilities =
        (wanted
                | Capabilities.PROTOCOL_41
                | Capabilities.SECURE_CONNECTION
                | Capabilities.PLUGIN_AUTH
                | Capabilities.CONNECT_WITH_DB
                | Capabilities.MULTI_RESULTS
                | Capabilities.TRANSACTIONS)
            & offered;
    tracker = new AnswerTracker(capabilities);
    for (int i = 0; i < 31 + 12; i++) {
      boolean capability = i == 13 || i == 14 || i == 18 || i == 19;
      if (i < 12 || i >= 31 || capability) {
        greeting[id + i] = 0;
      }
    }
    login.add(ByteBufUtil.hexDump(greeting));
    send(1, response(database, nonce));
    byte[] reply = packet();
    if ((reply[4] & 0xFF) == 0xFE) {
      int data = 5 + "mysql_native_password".length() + 1;
      System.arraycopy(reply, data, nonce, 0, 20);
      java.util.Arrays.fill(reply, data, data + 20, (byte) 0);
      login.add(ByteBufUtil.hexDump(reply));
      send(3, scramble("app", nonce));
      reply = packet();
    }
    login.add(ByteBufUtil.hexDump(reply));
  }

  private byte[] response(String database, byte[] nonce) throws GeneralSecurityException {
    ByteBuf r = Unpooled.buffer();
    r.writeIntLE((int) capabilities);
    r.writeIntLE(0x4000_0000);
    r.writeByte(255);
    r.writeZero(23);
    r.writeBytes("app\0".getBytes(StandardCharsets.US_ASCII));
    r.writeByte(20);
    r.writeBytes(scramble("app", nonce));
    r.writeBytes((database + "\0mysql_native_password\0").getBytes(StandardCharsets.US_ASCII));
    return ByteBufUtil.getBytes(r);
  }

  private static byte[] scramble(String password, byte[] nonce) throws GeneralSecurityException {
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

  private byte[] packet() throws IOException {
    byte[] header = new byte[4];
    in.readFully(header);
    int length = (header[0] & 0xFF) | (header[1] & 0xFF) << 8 | (header[2] & 0xFF) << 16;
    byte[] whole = new byte[4 + length];
    System.arraycopy(header, 0, whole, 0, 4);
    in.readFully(whole, 4, length);
    return whole;
  }

  private void send(int sequence, byte[] payload) throws IOException {
    ByteBuf b = Unpooled.buffer();
    io.crossfade.server.frame.Frames.write(b, sequence, payload);
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
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    payload.write(CommandType.QUERY.code());
    if (Capabilities.has(capabilities, Capabilities.QUERY_ATTRIBUTES)) {
      payload.write(0);
      payload.write(1);
    }
    payload.writeBytes(sql.getBytes(StandardCharsets.UTF_8));
    send(0, payload.toByteArray());
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
    boolean attributes = Capabilities.has(capabilities, Capabilities.QUERY_ATTRIBUTES);
    ByteBuf b = Unpooled.buffer();
    b.writeByte(CommandType.STMT_EXECUTE.code());
    b.writeIntLE((int) tracker.statementId());
    b.writeByte(attributes ? 8 : 0);
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
    return command(ByteBufUtil.getBytes(b));
  }

  /** Sends a command and reads its whole answer: one hexadecimal text a packet. */
  List<String> command(byte[] payload) throws IOException {
    send(0, payload);
    return answer(CommandType.of(payload[0] & 0xFF).answer());
  }

  /** Sends bytes as they are. */
  void sendRaw(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /** Reads one answer. */
  List<String> answer(AnswerShape shape) throws IOException {
    List<String> packets = new ArrayList<>();
    if (shape == AnswerShape.NONE) {
      return packets;
    }
    tracker.begin(shape, Capture.NOTHING);
    PacketScanner scanner = new PacketScanner();
    Step step;
    do {
      byte[] packet = packet();
      packets.add(
          packet.length > 4096
              ? packet.length + " bytes, hash " + java.util.Arrays.hashCode(packet)
              : ByteBufUtil.hexDump(packet));
      scanner.next(Unpooled.wrappedBuffer(packet));
      step = tracker.packet(scanner);
    } while (step == Step.MORE);
    return packets;
  }

  /** The number of the statement that was prepared last. */
  long statementId() {
    return tracker.statementId();
  }

  /** Whether the other side has closed. */
  boolean closed() throws IOException {
    return in.read() < 0;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
