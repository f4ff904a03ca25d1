package io.crossfade.server.session;

import io.crossfade.server.protocol.ErrPacket;
import io.crossfade.server.protocol.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client connection and its connection to MySQL. Every method is called on the session's event
 * loop, by the legs' handlers.
 */
public final class Session {
  private static final Logger LOGGER = LoggerFactory.getLogger(Session.class);

  /** A client that has just logged in wants to send something: so long it is not taken for idle. */
  private static final long FRESH_NANOS = 3_000_000_000L;

  private final SessionContext context;
  private final ClientPort client;
  private final BackendPort backend;
  private final EventExecutor loop;
  private final long id;
  private Phase phase;
  private boolean clientReading;
  private boolean serverReading;
  private boolean draining;
  private boolean clientFinished;
  private boolean serverFinished;
  private boolean over;
  private boolean loggedIn;
  private long loginNanos;

  /** A session whose legs are both connected; {@link #start} sets it going. */
  public Session(
      SessionContext context, ClientPort client, BackendPort backend, EventExecutor loop) {
    this.context = context;
    this.client = client;
    this.backend = backend;
    this.loop = loop;
    id = context.nextId();
    phase = new LoginPhase(this);
  }

  /** Begins with MySQL's greeting. */
  public void start() {
    readClient();
    readServer();
  }

  SessionContext context() {
    return context;
  }

  ClientPort client() {
    return client;
  }

  BackendPort backend() {
    return backend;
  }

  EventExecutor loop() {
    return loop;
  }

  long id() {
    return id;
  }

  /** Bytes from the client; their reference is taken over. */
  public void onClient(ByteBuf in) {
    context.metrics().bytesFromClient.increment(in.readableBytes());
    try {
      phase.onClient(in);
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  /** Bytes from MySQL; their reference is taken over. */
  public void onServer(ByteBuf in) {
    context.metrics().bytesFromMysql.increment(in.readableBytes());
    try {
      phase.onServer(in);
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  /** Runs what was deferred, and goes on. */
  void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      fail(e);
    }
    proceed();
  }

  /** The phase the session is in. */
  Phase phase() {
    return phase;
  }

  /** Goes over to the phase that follows, so that the session's end is its end. */
  void enter(Phase next) {
    if (!over) {
      phase = next;
    }
  }

  /** All bytes that were to be had from the client were given. */
  public void onClientReadComplete() {
    clientReading = false;
    proceed();
  }

  /** All bytes that were to be had from MySQL were given. */
  public void onServerReadComplete() {
    serverReading = false;
    proceed();
  }

  /** One of the legs takes bytes again. */
  public void onWritable() {
    try {
      phase.onWritable();
    } catch (RuntimeException e) {
      fail(e);
    }
    proceed();
  }

  /**
   * Flushes both legs and reads what is wanted; called after anything that may have changed that.
   */
  void proceed() {
    if (over) {
      return;
    }
    backend.flush();
    client.flush();
    readServer();
    readClient();
    if (draining && phase.idle() && !fresh()) {
      close();
    } else if (clientFinished && !phase.busy()) {
      finish();
    }
  }

  private void finish() {
    if (!phase.owed()) {
      close();
    } else if (!serverFinished) {
      serverFinished = true;
      backend.finish();
    }
  }

  private void readServer() {
    if (!serverReading && client.writable()) {
      serverReading = true;
      backend.read();
    }
  }

  private void readClient() {
    if (!clientReading && !clientFinished && phase.wantsClient() && backend.writable()) {
      clientReading = true;
      client.read();
    }
  }

  /** The client is gone. */
  public void onClientClosed() {
    close();
  }

  /**
   * The client sends nothing more, but may still read: it gets what is owed, as from MySQL, which
   * is told the same when it has all the client sent.
   */
  public void onClientFinished() {
    clientFinished = true;
    proceed();
  }

  /**
   * MySQL is gone. What it sent last still reaches the client; where it owes an answer, an error
   * takes its place.
   */
  public void onServerClosed() {
    close(SessionErrors.mysqlLost());
  }

  /** A leg failed. */
  public void onFailure(String leg, Throwable cause) {
    if (cause instanceof MalformedPacketException malformed && !over) {
      fail(malformed);
      return;
    }
    LOGGER
        .atDebug()
        .addKeyValue("sessionId", id)
        .addKeyValue("leg", leg)
        .setCause(cause)
        .log("connection failed");
    if (leg.equals("mysql")) {
      close(SessionErrors.mysqlLost());
    } else {
      close();
    }
  }

  /** Ends the session although it may not be idle: a client that waits for an answer is told. */
  public void shutDown() {
    close(SessionErrors.shutDown());
  }

  private void close(ErrPacket error) {
    if (!over) {
      phase.fail(error);
      close();
    }
  }

  /** The login succeeded. */
  void loggedIn() {
    loggedIn = true;
    loginNanos = loop.ticker().nanoTime();
    lookAgainWhenNotFresh();
  }

  private boolean fresh() {
    return loggedIn && loop.ticker().nanoTime() - loginNanos < FRESH_NANOS;
  }

  private void lookAgainWhenNotFresh() {
    if (draining && fresh()) {
      loop.schedule(this::proceed, FRESH_NANOS, TimeUnit.NANOSECONDS);
    }
  }

  /**
   * The client's time to log in is up: ends the session when it is the client that is late.
   *
   * @return false when MySQL is late, so that it has to be asked again
   */
  public boolean loginTimeUp() {
    return phase.loginTimeUp();
  }

  /** Closes the session at the next moment when it is idle outside a transaction. */
  public void drain() {
    draining = true;
    lookAgainWhenNotFresh();
    proceed();
  }

  /** Ends the session: both legs are closed after what is queued was sent. Idempotent. */
  public void close() {
    if (over) {
      return;
    }
    over = true;
    Phase last = phase;
    phase = new OverPhase();
    try {
      last.end();
    } finally {
      client.close();
      backend.close();
    }
  }

  private void fail(RuntimeException cause) {
    boolean malformed = cause instanceof MalformedPacketException;
    context.metrics().protocolErrors.increment();
    LOGGER
        .atWarn()
        .addKeyValue("sessionId", id)
        .addKeyValue("cause", cause.toString())
        .setCause(malformed ? null : cause)
        .log(malformed ? "a packet does not follow the protocol" : "a session failed");
    close();
  }
}
