package io.crossfade.server.session;

import io.crossfade.server.protocol.MalformedPacketException;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client connection and its connection to MySQL. Every method is called on the session's event
 * loop, by the legs' handlers.
 */
public final class Session {
  private static final Logger LOGGER = LoggerFactory.getLogger(Session.class);

  private final SessionContext context;
  private final ClientPort client;
  private final BackendPort backend;
  private final EventExecutor loop;
  private final long id;
  private Phase phase;
  private boolean clientReading;
  private boolean serverReading;
  private boolean draining;
  private boolean over;

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
    step(p -> p.onClient(in));
  }

  /** Bytes from MySQL; their reference is taken over. */
  public void onServer(ByteBuf in) {
    context.metrics().bytesFromMysql.increment(in.readableBytes());
    step(p -> p.onServer(in));
  }

  /** Runs what was deferred, and goes on. */
  void run(Runnable task) {
    step(
        p -> {
          task.run();
          return phase;
        });
    proceed();
  }

  private void step(Function<Phase, Phase> input) {
    try {
      Phase next = input.apply(phase);
      if (!over) {
        phase = next;
      }
    } catch (MalformedPacketException e) {
      fail("a packet does not follow the protocol", e);
    } catch (RuntimeException e) {
      fail("a session failed", e);
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
    step(
        p -> {
          p.onWritable();
          return phase;
        });
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
    if (draining && phase.idle()) {
      close();
    }
  }

  private void readServer() {
    if (!serverReading && client.writable()) {
      serverReading = true;
      backend.read();
    }
  }

  private void readClient() {
    if (!clientReading && phase.wantsClient() && backend.writable()) {
      clientReading = true;
      client.read();
    }
  }

  /** The client is gone. */
  public void onClientClosed() {
    close();
  }

  /** MySQL is gone; what it sent last still reaches the client. */
  public void onServerClosed() {
    close();
  }

  /** A leg failed. */
  public void onFailure(String leg, Throwable cause) {
    LOGGER
        .atDebug()
        .addKeyValue("sessionId", id)
        .addKeyValue("leg", leg)
        .setCause(cause)
        .log("connection failed");
    close();
  }

  /** Closes the session at the next moment when it is idle outside a transaction. */
  public void drain() {
    draining = true;
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

  private void fail(String what, RuntimeException cause) {
    context.metrics().protocolErrors.increment();
    LOGGER
        .atWarn()
        .addKeyValue("sessionId", id)
        .addKeyValue("cause", cause.toString())
        .setCause(cause instanceof MalformedPacketException ? null : cause)
        .log(what);
    close();
  }
}
