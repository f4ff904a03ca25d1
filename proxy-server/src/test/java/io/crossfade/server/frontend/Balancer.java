package io.crossfade.server.frontend;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A load balancer of a few lines: begins each connection to its target with fixed bytes. */
final class Balancer implements AutoCloseable {
  private final ServerSocket listener;
  private final int target;
  private final byte[] header;
  private final List<Socket> open = new CopyOnWriteArrayList<>();

  Balancer(int target, byte[] header) throws IOException {
    this.target = target;
    this.header = header;
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  private interface Task {
    void run() throws IOException;
  }

  private static void start(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException e) {
                // One of the sides has closed.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = listener.accept();
      Socket server = new Socket("127.0.0.1", target);
      open.addAll(List.of(client, server));
      server.getOutputStream().write(header);
      start(() -> pipe(client, server));
      start(() -> pipe(server, client));
    }
  }

  private static void pipe(Socket from, Socket to) throws IOException {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] bytes = new byte[8192];
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        out.write(bytes, 0, n);
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
