package io.crossfade.dualwrite.witness;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.network.SSLMode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One connection that reads the binlog until it ends, however that is. */
final class Tail {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final Duration HEARTBEAT = Duration.ofSeconds(1);

  /** Without an event or a heartbeat for so long the connection is dead. */
  private static final Duration SILENCE_LIMIT = Duration.ofSeconds(10);

  /** The client's own logger: what it says is said here, too. Referenced, or it is forgotten. */
  private static final List<Logger> CLIENTS_LOGGERS =
      List.of(
          Logger.getLogger("com.github.shyiko.mysql.binlog"),
          Logger.getLogger(BinaryLogClient.class.getName()));

  static {
    CLIENTS_LOGGERS.forEach(logger -> logger.setLevel(Level.OFF));
  }

  private final BinaryLogClient client;
  private final Flow flow;
  private final Troubles troubles;
  private volatile @Nullable Exception failure;

  /** Who is told that something could not be read, but reading goes on. */
  interface Troubles {
    /** An event that cannot be understood was passed over. */
    void unreadable(Exception cause);

    /** The server has accepted the position. */
    void reading();
  }

  Tail(
      InetSocketAddress address,
      String user,
      String password,
      long serverId,
      Position from,
      Flow flow,
      Troubles troubles) {
    this.flow = flow;
    this.troubles = troubles;
    this.client = new BinaryLogClient(address.getHostString(), address.getPort(), user, password);
    client.setServerId(serverId);
    client.setSSLMode(SSLMode.DISABLED);
    client.setKeepAlive(false);
    client.setConnectTimeout(CONNECT_LIMIT.toMillis());
    client.setHeartbeatInterval(HEARTBEAT.toMillis());
    client.setSocketFactory(Tail::socket);
    client.setEventDeserializer(new RawEvents());
    if (from.gtids() == null) {
      client.setBinlogFilename(from.file());
    } else {
      client.setGtidSet(from.gtids());
    }
    client.setBinlogPosition(from.gtids() == null ? from.offset() : 4);
    client.registerEventListener(this::event);
    client.registerLifecycleListener(new Lifecycle());
  }

  private static Socket socket() throws java.net.SocketException {
    Socket socket = new Socket();
    socket.setSoTimeout((int) SILENCE_LIMIT.toMillis());
    socket.setTcpNoDelay(true);
    return socket;
  }

  /**
   * Reads on this thread until the connection ends.
   *
   * @throws IOException why it has ended; {@code ServerException} where MySQL said it
   */
  void run() throws IOException {
    client.connect();
    Exception cause = failure;
    if (cause instanceof IOException e) {
      throw e;
    }
    throw new IOException("the binlog connection was lost", cause);
  }

  /** Ends {@link #run}. */
  void stop() {
    try {
      client.disconnect();
    } catch (IOException e) {
      return; // it is gone either way
    }
  }

  private void event(Event event) {
    if (failure != null) {
      return;
    }
    try {
      flow.on(event);
    } catch (IOException e) {
      fail(e);
      stop();
    } catch (RuntimeException e) {
      troubles.unreadable(e);
    }
  }

  private void fail(Exception cause) {
    if (failure == null) {
      failure = cause;
    }
  }

  private final class Lifecycle extends BinaryLogClient.AbstractLifecycleListener {
    @Override
    public void onConnect(BinaryLogClient connected) {
      troubles.reading();
    }

    @Override
    public void onCommunicationFailure(BinaryLogClient connected, Exception cause) {
      fail(cause);
    }

    @Override
    public void onEventDeserializationFailure(BinaryLogClient connected, Exception cause) {
      troubles.unreadable(cause);
    }
  }
}
