package io.crossfade.server.fuzz;

import io.crossfade.api.plugin.InterceptorFactory;
import io.crossfade.api.sql.DruidSqlAnalyzer;
import io.crossfade.api.sql.TableName;
import io.crossfade.server.session.RelayMetrics;
import io.crossfade.server.session.RelaySettings;
import io.crossfade.server.session.Session;
import io.crossfade.server.session.SessionContext;
import io.crossfade.server.session.WatchedNames;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A session between two legs of memory, fed in pieces, as a channel would: only after it asked to
 * read, several pieces at a time or one. Checks what holds for any input.
 */
final class Duplex implements AutoCloseable {
  /** Commands longer than this are streamed. */
  static final int INSPECT_LIMIT = 600;

  /** A packet of an authentication is held until it is complete. */
  private static final int LONGEST_TURN = 1 << 16;

  private static final int PIECE = 700;
  private static final DruidSqlAnalyzer ANALYZER = new DruidSqlAnalyzer();
  private static final RelayMetrics METRICS = new RelayMetrics(new SimpleMeterRegistry());
  private static final Duration PLUGIN_LIMIT = Duration.ofSeconds(5);

  private final Draw draw;
  private final Unexpected unexpected = new Unexpected();
  private final List<ByteBuf> given = new ArrayList<>();
  private final EmbeddedChannel loop = new EmbeddedChannel();
  final Leg client;
  final Leg backend;
  final Pipe clientSide = new Pipe();
  final Pipe serverSide = new Pipe();
  final Session session;

  /** How many bytes the session may hold: a packet of the login, or of a later authentication. */
  private int limit = (1 << 20) + 8 * PIECE;

  /** Bytes one end has sent and the session has not read yet. */
  static final class Pipe {
    private byte[] bytes = new byte[0];

    void add(byte[] more) {
      int old = bytes.length;
      bytes = Arrays.copyOf(bytes, old + more.length);
      System.arraycopy(more, 0, bytes, old, more.length);
    }

    boolean isEmpty() {
      return bytes.length == 0;
    }

    private byte[] take(int count) {
      byte[] head = Arrays.copyOf(bytes, count);
      bytes = Arrays.copyOfRange(bytes, count, bytes.length);
      return head;
    }
  }

  Duplex(
      Draw draw,
      List<InterceptorFactory<?>> plugins,
      boolean watching,
      Consumer<byte[]> toClient,
      Consumer<byte[]> toServer) {
    this.draw = draw;
    client = new Leg(toClient);
    backend = new Leg(toServer);
    SessionContext context =
        new SessionContext(
            settings(),
            plugins,
            new WatchedNames(watching ? List.of(new TableName("db", "watched")) : List.of()),
            ANALYZER,
            METRICS);
    session = new Session(context, client, backend, loop.eventLoop());
    session.start();
  }

  private static RelaySettings settings() {
    return new RelaySettings(
        new InetSocketAddress(0),
        new InetSocketAddress(0),
        null,
        null,
        INSPECT_LIMIT,
        PLUGIN_LIMIT,
        1,
        Duration.ofSeconds(1),
        1);
  }

  /** The login is over. */
  void loggedIn() {
    limit = LONGEST_TURN + 8 * PIECE;
  }

  /** Whether the session has ended itself or was ended. */
  boolean over() {
    return client.closed;
  }

  /** Gives the session some of what one end has sent; whether there was something to give. */
  boolean give(boolean fromClient) {
    Leg leg = fromClient ? client : backend;
    Pipe pipe = fromClient ? clientSide : serverSide;
    if (over() || !leg.wanted || pipe.isEmpty()) {
      return false;
    }
    int reads = 1 + draw.below(3);
    while (reads-- > 0 && !pipe.isEmpty() && !over()) {
      int size = draw.more() ? 1 + draw.below(draw.onceIn(4) ? PIECE : 24) : PIECE;
      piece(fromClient, pipe.take(Math.min(pipe.bytes.length, size)));
    }
    leg.wanted = false;
    if (fromClient) {
      session.onClientReadComplete();
    } else {
      session.onServerReadComplete();
    }
    loop.runPendingTasks();
    check();
    return true;
  }

  private void piece(boolean fromClient, byte[] bytes) {
    int lead = draw.below(3);
    ByteBuf in = ByteBufAllocator.DEFAULT.buffer(lead + bytes.length);
    in.writeZero(lead).skipBytes(lead).writeBytes(bytes);
    given.add(in);
    if (fromClient) {
      session.onClient(in);
    } else {
      session.onServer(in);
    }
  }

  /** Changes whether a leg takes bytes. */
  void writable(boolean ofClient, boolean now) {
    Leg leg = ofClient ? client : backend;
    if (leg.writable != now) {
      leg.writable = now;
      if (now) {
        session.onWritable();
        loop.runPendingTasks();
      }
      check();
    }
  }

  /** Lets the time pass that a plugin has for a verdict. */
  void timePasses() {
    loop.advanceTimeBy(PLUGIN_LIMIT.toMillis() + 1, TimeUnit.MILLISECONDS);
    loop.runPendingTasks();
    loop.runScheduledPendingTasks();
    check();
  }

  /** Runs what was left for later. */
  void runPending() {
    loop.runPendingTasks();
    check();
  }

  /** Why the session ended itself, for messages. */
  String reason() {
    return String.valueOf(unexpected.malformed());
  }

  private void check() {
    unexpected.check();
    int held = 0;
    for (int i = given.size() - 1; i >= 0; i--) {
      ByteBuf buffer = given.get(i);
      if (buffer.refCnt() == 0) {
        given.remove(i);
      } else {
        held += buffer.readableBytes();
      }
    }
    if (held > limit) {
      throw new AssertionError(held + " bytes are held");
    }
    if (client.closed != backend.closed) {
      throw new AssertionError("only one leg is closed");
    }
  }

  /** Ends the session in one of the ways it can end and checks that nothing is left. */
  @Override
  public void close() {
    try {
      switch (draw.below(4)) {
        case 0 -> session.onClientClosed();
        case 1 -> session.onServerClosed();
        case 2 -> session.onFailure("client", new java.io.IOException("reset"));
        default -> session.close();
      }
      loop.runPendingTasks();
      if (!over()) {
        throw new AssertionError("the session did not end");
      }
      given.forEach(
          b -> {
            if (b.refCnt() != 0) {
              throw new AssertionError("a buffer is not released: " + b);
            }
          });
      unexpected.check();
    } finally {
      unexpected.close();
      loop.finishAndReleaseAll();
    }
  }

  /** Collects bytes. */
  static final class Collected implements Consumer<byte[]> {
    private final ByteArrayOutputStream all = new ByteArrayOutputStream();

    @Override
    public void accept(byte[] bytes) {
      all.writeBytes(bytes);
    }

    byte[] bytes() {
      return all.toByteArray();
    }
  }
}
