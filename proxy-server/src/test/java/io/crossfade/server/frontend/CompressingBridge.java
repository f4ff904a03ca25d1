package io.crossfade.server.frontend;

import com.github.luben.zstd.Zstd;
import io.crossfade.server.protocol.Capabilities;
import io.crossfade.server.protocol.Compression.Algorithm;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Between a client that does not compress and a server: with the server it speaks compressed
 * packets, written after the manual and independently of the relay. Sequence ids are those of a
 * connection without compression, so that what a client sees can be compared; the numbers of the
 * compressed packets are checked.
 */
final class CompressingBridge implements AutoCloseable {
  private static final int LARGEST = 0xFF_FFFF;

  private final ServerSocket listener;
  private final String host;
  private final int port;
  private final Algorithm algorithm;
  private final int contentLimit;
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

  /** What was wrong with the server's compressed packets. */
  final Queue<String> complaints = new ConcurrentLinkedQueue<>();

  /** {@code contentLimit}: no compressed packet sent to the server has a longer content. */
  CompressingBridge(String host, int port, Algorithm algorithm, int contentLimit)
      throws IOException {
    this.host = host;
    this.port = port;
    this.algorithm = algorithm;
    this.contentLimit = contentLimit;
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "compressing-bridge");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Socket server = new Socket(host, port);
        sockets.add(client);
        sockets.add(server);
        Conversation conversation = new Conversation(client, server);
        daemon(conversation::run);
      }
    } catch (IOException e) {
      // The bridge was closed.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  /** One client. */
  private final class Conversation {
    private final Socket client;
    private final Socket server;
    private final DataInputStream fromClient;
    private final DataInputStream fromServer;
    private final OutputStream toClient;
    private final OutputStream toServer;
    private int lastFromClient;
    private int lastNumber;
    private int next;

    Conversation(Socket client, Socket server) throws IOException {
      this.client = client;
      this.server = server;
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      fromClient = input(client);
      fromServer = input(server);
      toClient = client.getOutputStream();
      toServer = server.getOutputStream();
    }

    void run() {
      try (client;
          server) {
        if (login()) {
          daemon(this::compress);
          decompress();
        }
      } catch (EOFException | SocketException e) {
        // One of the two has closed; now both are.
      } catch (IOException | DataFormatException e) {
        complaints.add(e.toString());
      }
    }

    private static DataInputStream input(Socket socket) throws IOException {
      return new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    }

    private boolean login() throws IOException {
      toClient.write(packet(fromServer));
      toServer.write(asking(packet(fromClient)));
      while (true) {
        byte[] answer = packet(fromServer);
        toClient.write(answer);
        int first = answer[4] & 0xFF;
        if (first == 0 || first == 0xFF) {
          return first == 0;
        }
        if (first == 0xFE) {
          toServer.write(packet(fromClient));
        }
      }
    }

    /** The client's response with the flag of compression, and the level at its end. */
    private byte[] asking(byte[] response) {
      boolean zstd = algorithm == Algorithm.ZSTD;
      byte[] asking = Arrays.copyOf(response, response.length + (zstd ? 1 : 0));
      long flag = zstd ? Capabilities.ZSTD_COMPRESSION : Capabilities.COMPRESS;
      for (int i = 0; i < 4; i++) {
        asking[4 + i] |= (byte) (flag >> 8 * i);
      }
      if (zstd) {
        asking[asking.length - 1] = 3;
        put(asking, 0, asking.length - 4);
      }
      return asking;
    }

    private void compress() {
      try {
        boolean continues = false;
        while (true) {
          byte[] packet = packet(fromClient);
          synchronized (this) {
            int sequence = packet[3] & 0xFF;
            if (sequence == 0 && !continues) {
              next = 0;
            }
            lastFromClient = sequence;
            continues = packet.length == 4 + LARGEST;
          }
          for (int at = 0; at < packet.length; at += contentLimit) {
            sendCompressed(
                Arrays.copyOfRange(packet, at, Math.min(packet.length, at + contentLimit)));
          }
        }
      } catch (IOException e) {
        close();
      }
    }

    private void close() {
      try {
        client.close();
        server.close();
      } catch (IOException e) {
        complaints.add(e.toString());
      }
    }

    private void sendCompressed(byte[] content) throws IOException {
      byte[] shorter = content.length < 50 ? content : compressed(content);
      boolean worthwhile = shorter.length < content.length;
      byte[] body = worthwhile ? shorter : content;
      byte[] packet = new byte[7 + body.length];
      put(packet, 0, body.length);
      put(packet, 4, worthwhile ? content.length : 0);
      System.arraycopy(body, 0, packet, 7, body.length);
      synchronized (this) {
        packet[3] = (byte) next;
        lastNumber = next;
        next = (next + 1) & 0xFF;
      }
      toServer.write(packet);
    }

    private byte[] compressed(byte[] content) {
      if (algorithm == Algorithm.ZSTD) {
        return Zstd.compress(content, 3);
      }
      Deflater deflater = new Deflater();
      try {
        deflater.setInput(content);
        deflater.finish();
        byte[] out = new byte[content.length + 1024];
        return Arrays.copyOf(out, deflater.deflate(out));
      } finally {
        deflater.end();
      }
    }

    private void decompress() throws IOException, DataFormatException {
      PacketsInside packets = new PacketsInside();
      while (true) {
        byte[] header = new byte[7];
        fromServer.readFully(header);
        byte[] body = new byte[number(header, 0)];
        fromServer.readFully(body);
        int length = number(header, 4);
        received(header[3] & 0xFF);
        packets.add(length == 0 ? body : decompressed(body, length));
      }
    }

    private synchronized void received(int number) {
      if (number != ((lastNumber + 1) & 0xFF)) {
        complaints.add("compressed packet " + number + " after " + lastNumber);
      }
      lastNumber = number;
      next = (number + 1) & 0xFF;
    }

    private byte[] decompressed(byte[] body, int length) throws DataFormatException {
      if (length < 50 || body.length >= length) {
        complaints.add("compressed although it was not worth it: " + length + " bytes");
      }
      if (algorithm == Algorithm.ZSTD) {
        return Zstd.decompress(body, length);
      }
      Inflater inflater = new Inflater();
      try {
        inflater.setInput(body);
        byte[] out = new byte[length];
        if (inflater.inflate(out) != length || inflater.getRemaining() > 0) {
          complaints.add("a content of another length");
        }
        return out;
      } finally {
        inflater.end();
      }
    }

    /** Numbers the packets to the client as if there were no compression. */
    private final class PacketsInside {
      private int header;
      private int rest;
      private int length;
      private int sequence = -1;

      void add(byte[] plain) throws IOException {
        for (int at = 0; at < plain.length; ) {
          if (header < 4) {
            at = header(plain, at);
          } else {
            int part = Math.min(rest, plain.length - at);
            at += part;
            rest -= part;
          }
          if (header == 4 && rest == 0) {
            header = 0;
          }
        }
        toClient.write(plain);
      }

      private int header(byte[] plain, int at) {
        if (header < 3) {
          length = header == 0 ? plain[at] & 0xFF : length | (plain[at] & 0xFF) << 8 * header;
        } else {
          int asked;
          synchronized (Conversation.this) {
            asked = lastFromClient;
            lastFromClient = -1;
          }
          sequence = ((asked >= 0 ? asked : sequence) + 1) & 0xFF;
          plain[at] = (byte) sequence;
          rest = length;
        }
        header++;
        return at + 1;
      }
    }
  }

  private static byte[] packet(DataInputStream in) throws IOException {
    byte[] header = new byte[4];
    in.readFully(header);
    byte[] packet = Arrays.copyOf(header, 4 + number(header, 0));
    in.readFully(packet, 4, packet.length - 4);
    return packet;
  }

  private static int number(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) | (bytes[at + 1] & 0xFF) << 8 | (bytes[at + 2] & 0xFF) << 16;
  }

  private static void put(byte[] bytes, int at, int number) {
    for (int i = 0; i < 3; i++) {
      bytes[at + i] = (byte) (number >> 8 * i);
    }
  }
}
