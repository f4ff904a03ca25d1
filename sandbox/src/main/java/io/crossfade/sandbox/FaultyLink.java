package io.crossfade.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A TCP forwarder on loopback that fails on demand, for tests: what a dead, refusing or slow
 * network does to a client. Two threads per connection. Thread-safe.
 *
 * <pre>
 * healthy --blackhole()--&gt; stalled --heal()--&gt; healthy   (held bytes arrive then, in order)
 * healthy --refuse()-----&gt; refusing --heal()--&gt; healthy  (the same port listens again)
 * </pre>
 */
public final class FaultyLink implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 * 1024;

  private enum State {
    HEALTHY,
    STALLED,
    REFUSING,
    CLOSED
  }

  private final InetAddress listenAddress;
  private volatile InetSocketAddress target;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final Object gate = new Object();
  private State state = State.HEALTHY;
  private Listener listener;
  private final int port;
  private volatile Duration delay = Duration.ZERO;

  private FaultyLink(InetAddress listenAddress, int port, InetSocketAddress target) {
    this.listenAddress = listenAddress;
    this.target = target;
    this.listener = listen(port);
    this.port = listener.socket.getLocalPort();
  }

  /**
   * Opens a link on a free port of 127.0.0.1.
   *
   * @param host where to forward to; a loopback address
   * @param port where to forward to
   * @return a healthy link
   */
  public static FaultyLink to(String host, int port) {
    return between(Loopback.HOST, 0, host, port);
  }

  /**
   * Opens a link on a chosen address, e.g. on 127.0.0.2 with the port of a server that listens on
   * 127.0.0.1 (see {@link HBaseOptions#advertisedHost}).
   *
   * @param listenHost a loopback address
   * @param listenPort 0 = free
   * @param host where to forward to; a loopback address
   * @param port where to forward to
   * @return a healthy link
   */
  public static FaultyLink between(String listenHost, int listenPort, String host, int port) {
    return new FaultyLink(
        Loopback.address(listenHost),
        listenPort,
        new InetSocketAddress(Loopback.address(host), port));
  }

  /**
   * @return the address to connect to
   */
  public String host() {
    return listenAddress.getHostAddress();
  }

  /**
   * @return the port to connect to
   */
  public int port() {
    return port;
  }

  /**
   * @return how many client connections are open now
   */
  public int connections() {
    return connections.size();
  }

  /**
   * Lets nothing through any more, in either direction: open connections stay open and stall, new
   * ones are accepted and stall.
   */
  public void blackhole() {
    listenAnd(State.STALLED);
  }

  /** Resets the open connections and refuses new ones. */
  public void refuse() {
    change(State.REFUSING);
    listener().end();
    cut();
  }

  /** Resets the open connections; new ones are served as before. */
  public void cut() {
    connections.forEach(Connection::reset);
  }

  /**
   * Holds every piece of data back for a while, in each direction.
   *
   * @param each zero = none; data that follows closely is held back up to twice as long
   */
  public void delay(Duration each) {
    delay = each;
  }

  /**
   * Leads new connections to another server, as an address that moves does; open ones stay.
   *
   * @param host a loopback address
   * @param newPort its port
   */
  public void repoint(String host, int newPort) {
    target = new InetSocketAddress(Loopback.address(host), newPort);
  }

  /** Undoes {@link #blackhole}, {@link #refuse} and {@link #delay}. */
  public void heal() {
    delay = Duration.ZERO;
    listenAnd(State.HEALTHY);
  }

  /** Resets the open connections and stops listening for good. */
  @Override
  public void close() {
    change(State.CLOSED);
    listener().end();
    cut();
  }

  private void listenAnd(State next) {
    synchronized (gate) {
      if (state == State.REFUSING) {
        listener = listen(port);
      }
      change(next);
    }
  }

  private void change(State next) {
    synchronized (gate) {
      if (state != State.CLOSED) {
        state = next;
        gate.notifyAll();
      }
    }
  }

  private Listener listener() {
    synchronized (gate) {
      return listener;
    }
  }

  /** Waits while the link is stalled. */
  private boolean isOpenAfterStall() throws InterruptedException {
    synchronized (gate) {
      while (state == State.STALLED) {
        gate.wait();
      }
      return state == State.HEALTHY;
    }
  }

  private Listener listen(int listenPort) {
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(listenAddress, listenPort));
      return new Listener(
          socket,
          daemon(
              "accept",
              () -> {
                while (true) {
                  new Connection(socket.accept()).start();
                }
              }));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Listener(ServerSocket socket, Thread acceptor) {
    /**
     * Returns once nothing listens any more: a thread inside accept(2) keeps a closed socket
     * listening until it has left the call.
     */
    void end() {
      closeQuietly(socket);
      try {
        acceptor.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private interface Body {
    void run() throws IOException, InterruptedException;
  }

  /** A thread that ends with its sockets: their errors are the normal end. */
  private Thread daemon(String name, Body body) {
    Thread thread =
        new Thread(
            () -> {
              try {
                body.run();
              } catch (IOException e) {
                return;
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "faulty-link-" + name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      throw new IllegalStateException("closing a socket failed", e);
    }
  }

  private final class Connection {
    private final Socket client;
    private final Socket server = new Socket();
    private final AtomicInteger ended = new AtomicInteger();

    Connection(Socket client) {
      this.client = client;
    }

    void start() {
      connections.add(this);
      daemon("connection", this::forward);
    }

    private void forward() throws IOException, InterruptedException {
      try {
        if (!isOpenAfterStall()) {
          return;
        }
        server.connect(target);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        daemon("answers", () -> pump(server, client));
        pump(client, server);
      } finally {
        if (!server.isConnected()) {
          reset();
        }
      }
    }

    private void pump(Socket from, Socket to) throws IOException, InterruptedException {
      byte[] buffer = new byte[BUFFER_BYTES];
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      try {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          Thread.sleep(delay.toMillis());
          if (!isOpenAfterStall()) {
            return;
          }
          out.write(buffer, 0, n);
        }
        if (isOpenAfterStall()) {
          to.shutdownOutput();
        }
        if (ended.incrementAndGet() == 2) {
          connections.remove(this);
          closeQuietly(client);
          closeQuietly(server);
        }
      } catch (IOException e) {
        reset();
        throw e;
      }
    }

    private void reset() {
      connections.remove(this);
      for (Socket socket : Set.of(client, server)) {
        try {
          socket.setSoLinger(true, 0);
        } catch (IOException e) {
          continue; // closed already
        } finally {
          closeQuietly(socket);
        }
      }
    }
  }
}
