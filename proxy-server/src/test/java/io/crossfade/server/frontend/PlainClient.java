package io.crossfade.server.frontend;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A client of a few lines on any kind of socket, to see exactly what comes back. */
final class PlainClient implements AutoCloseable {
  private static final int CAPABILITIES = 1 << 9 | 1 << 15 | 1 << 19;
  private static final int SSL = 1 << 11;
  private static final int COLLATION = 45;

  private final AutoCloseable socket;
  private DataInputStream in;
  private OutputStream out;

  /** The sequence ids of the server's packets of the login. */
  final List<Integer> sequences = new ArrayList<>();

  private PlainClient(AutoCloseable socket, InputStream in, OutputStream out) {
    this.socket = socket;
    this.in = new DataInputStream(in);
    this.out = out;
  }

  static PlainClient tcp(int port) throws IOException {
    Socket socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(20_000);
    return new PlainClient(socket, socket.getInputStream(), socket.getOutputStream());
  }

  static PlainClient unix(Path path) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(path));
    return new PlainClient(
        channel, Channels.newInputStream(channel), Channels.newOutputStream(channel));
  }

  /** Sends bytes as they are. */
  void sendRaw(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  void send(int sequence, byte[] payload) throws IOException {
    ByteBuffer packet = ByteBuffer.allocate(4 + payload.length).order(ByteOrder.LITTLE_ENDIAN);
    packet.putInt(payload.length | sequence << 24).put(payload);
    sendRaw(packet.array());
  }

  /** The next packet, header included; empty at the end. */
  byte[] packet() throws IOException {
    byte[] header = new byte[4];
    try {
      in.readFully(header);
    } catch (EOFException e) {
      return new byte[0];
    }
    int length = (header[0] & 0xFF) | (header[1] & 0xFF) << 8 | (header[2] & 0xFF) << 16;
    byte[] packet = new byte[4 + length];
    System.arraycopy(header, 0, packet, 0, 4);
    in.readFully(packet, 4, length);
    return packet;
  }

  /** Everything up to the end of the connection. */
  byte[] rest() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] p = packet(); p.length > 0; p = packet()) {
      all.writeBytes(p);
    }
    return all.toByteArray();
  }

  /** After the greeting: an SSLRequest, then TLS in which any certificate is good. */
  SSLSession startTls(String... versions) throws Exception {
    ByteBuffer request = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    request.putInt(CAPABILITIES | SSL).putInt(1 << 24).put((byte) COLLATION);
    send(1, request.array());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustEverything()}, null);
    SSLSocket tls =
        (SSLSocket) context.getSocketFactory().createSocket((Socket) socket, "127.0.0.1", 0, false);
    if (versions.length > 0) {
      tls.setEnabledProtocols(versions);
    }
    tls.startHandshake();
    in = new DataInputStream(tls.getInputStream());
    out = tls.getOutputStream();
    return tls.getSession();
  }

  private static final class TrustEverything implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** The first packet of a login, with a scramble that is right for nobody. */
  void respond(String user) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    ByteBuffer fixed = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    fixed.putInt(CAPABILITIES).putInt(1 << 24).put((byte) COLLATION);
    body.writeBytes(fixed.array());
    body.writeBytes((user + "\0").getBytes(StandardCharsets.US_ASCII));
    body.write(32);
    body.writeBytes(new byte[32]);
    body.writeBytes("caching_sha2_password\0".getBytes(StandardCharsets.US_ASCII));
    send(1, body.toByteArray());
  }

  /**
   * Logs in with caching_sha2_password's full authentication over a transport that is taken for
   * secure: the password goes in clear.
   *
   * @return the packet that ended the login
   */
  byte[] loginInClear(String user, String password) throws IOException {
    sequences.add(packet()[3] & 0xFF);
    respond(user);
    while (true) {
      byte[] answer = packet();
      if (answer.length == 0) {
        return answer;
      }
      sequences.add(answer[3] & 0xFF);
      switch (answer[4] & 0xFF) {
        case 0x01 -> send(answer[3] + 1, (password + "\0").getBytes(StandardCharsets.US_ASCII));
        case 0xFE -> send(answer[3] + 1, new byte[32]);
        default -> {
          return answer;
        }
      }
    }
  }

  /** The last column of the one row that {@code sql} gives. */
  String value(String sql) throws IOException {
    send(0, ("\u0003" + sql).getBytes(StandardCharsets.US_ASCII));
    byte[] row = new byte[0];
    int ends = 0;
    for (byte[] p = packet(); ends < 2; p = ends < 2 ? packet() : p) {
      if ((p[4] & 0xFF) == 0xFF) {
        throw new IOException(new String(p, 4, p.length - 4, StandardCharsets.US_ASCII));
      }
      if ((p[4] & 0xFF) == 0xFE && p.length < 13) {
        ends++;
      } else if (ends == 1) {
        row = p;
      }
    }
    int at = 4;
    String last = "";
    while (at < row.length) {
      int length = row[at] & 0xFF;
      last = new String(row, at + 1, length, StandardCharsets.US_ASCII);
      at += 1 + length;
    }
    return last;
  }

  @Override
  public void close() throws Exception {
    socket.close();
  }
}
