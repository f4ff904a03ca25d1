package io.crossfade.server.app;

import io.crossfade.api.plugin.InterceptorFactory;
import io.crossfade.server.admin.AdminServer;
import io.crossfade.server.config.BoundPlugin;
import io.crossfade.server.config.ConfigException;
import io.crossfade.server.config.ConfigLoader;
import io.crossfade.server.config.ConfigReloader;
import io.crossfade.server.config.ConfigWatcher;
import io.crossfade.server.config.CrossfadeConfig;
import io.crossfade.server.config.Endpoint;
import io.crossfade.server.config.HostPort;
import io.crossfade.server.config.LoadedConfig;
import io.crossfade.server.config.ReloadResult;
import io.crossfade.server.config.ReloadResult.Outcome;
import io.crossfade.server.frontend.HandOverClient;
import io.crossfade.server.frontend.HandOverServer;
import io.crossfade.server.metrics.ProxyMetrics;
import io.crossfade.server.session.RelaySettings;
import io.crossfade.server.session.WatchedNames;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of the proxy, used once: NEW → STARTING → STARTED → STOPPING → STOPPED. Started in the
 * order configuration, plugins, relay, admin port; stopped the other way round. When something
 * cannot start, all that was started is closed again. Thread-safe; never exits the JVM.
 */
public final class ProxyApplication implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(ProxyApplication.class);

  /** What an older proxy needs besides its drain limit to end. */
  private static final Duration HAND_OVER_MARGIN = Duration.ofSeconds(60);

  private final Path file;
  private final ConfigLoader loader;
  private final Relay.Factory relays;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Object starting = new Object();
  private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
  private volatile Lifecycle state = Lifecycle.NEW;
  private volatile @Nullable Thread starter;
  private @Nullable ConfigReloader reloader;
  private @Nullable List<SocketAddress> listening;
  private @Nullable InetSocketAddress admin;

  /**
   * A run that has not begun.
   *
   * @param file the configuration
   * @param factories the plugins there are
   * @param environment the variables the configuration may use
   * @param relays makes the relay
   */
  public ProxyApplication(
      Path file,
      Collection<? extends InterceptorFactory<?>> factories,
      Function<String, @Nullable String> environment,
      Relay.Factory relays) {
    this.file = file;
    this.loader = new ConfigLoader(factories, environment);
    this.relays = relays;
  }

  /**
   * Starts everything; returns when clients can connect.
   *
   * @throws ConfigException when the configuration is wrong
   * @throws StartException when something cannot start
   */
  public void start() throws ConfigException, StartException {
    start(false);
  }

  /**
   * The same; with {@code takeOver} the listening sockets of a proxy that runs with the same data
   * directory are taken over, and it is waited for its end, while clients wait to be accepted.
   */
  public void start(boolean takeOver) throws ConfigException, StartException {
    synchronized (starting) {
      if (state != Lifecycle.NEW) {
        throw new IllegalStateException("is " + state);
      }
      state = Lifecycle.STARTING;
      starter = Thread.currentThread();
      try {
        LoadedConfig loaded = loader.load(file);
        startParts(loaded, takeOver ? takeOver(loaded.config()) : Map.of());
        state = Lifecycle.STARTED;
      } finally {
        starter = null;
        if (state != Lifecycle.STARTED) {
          stop();
        }
      }
    }
  }

  private static Map<String, Integer> takeOver(CrossfadeConfig config) throws StartException {
    Path socket = config.handOverSocket();
    if (!HandOverServer.available() || !Files.exists(socket)) {
      LOGGER.atInfo().addKeyValue("socket", socket).log("there is no proxy to take over from");
      return Map.of();
    }
    Duration limit = config.limits().drain().plus(HAND_OVER_MARGIN);
    try (HandOverClient older = new HandOverClient(socket, HAND_OVER_MARGIN)) {
      LOGGER
          .atInfo()
          .addKeyValue("sockets", older.sockets().keySet())
          .log("taken over; waiting for the older proxy to end");
      if (!older.awaitEnd(limit)) {
        throw new StartException("the older proxy has not ended after " + limit);
      }
      return older.sockets();
    } catch (IOException e) {
      LOGGER
          .atInfo()
          .addKeyValue("socket", socket)
          .addKeyValue("cause", e.toString())
          .log("there is no proxy to take over from");
      return Map.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("interrupted while the older proxy ends", e);
    }
  }

  private void startParts(LoadedConfig loaded, Map<String, Integer> inherited)
      throws StartException {
    CrossfadeConfig config = loaded.config();
    ProxyMetrics metrics = keep(new ProxyMetrics(Version.current()));
    DataDirectory data = keep(DataDirectory.open(config.dataDirectory()));
    WatchedNames watched = new WatchedNames(config.tables().keySet());
    PluginHost plugins =
        keep(
            new PluginHost(
                new PluginHost.Surroundings(
                    config.tableConfigs(),
                    mysqlForPlugins(config.mysql()),
                    metrics.registry(),
                    watched),
                data));
    for (BoundPlugin<?> plugin : loaded.plugins()) {
      plugins.start(plugin);
    }
    Relay relay = relays.create(settings(config), plugins.factories(), watched, metrics.registry());
    keep((AutoCloseable) relay::close);
    List<SocketAddress> addresses = start(relay, config, inherited);
    ConfigReloader following =
        new ConfigReloader(loader, file, loaded, metrics.registry(), relay::prepareTls);
    ApplicationBackend backend =
        new ApplicationBackend(metrics, following, plugins, relay::connections, () -> state);
    AdminServer server =
        new AdminServer(config.admin().listen().toListen(), config.admin().hostNames(), backend);
    InetSocketAddress adminAddress = startAdmin(server);
    // Closed last of all parts that show something: the status is visible while sessions drain.
    toClose.addLast(server);
    offerHandOver(config.handOverSocket(), relay);
    keep(
        new ConfigWatcher(
            () -> following.inForce().files(),
            () -> following.reload("file").outcome() != Outcome.BUSY));
    keep((AutoCloseable) () -> relay.drain(config.limits().drain()));
    reloader = following;
    listening = List.copyOf(addresses);
    admin = adminAddress;
    LOGGER
        .atInfo()
        .addKeyValue("listen", config.listen())
        .addKeyValue("mysql", config.mysql().address())
        .addKeyValue("admin", adminAddress)
        .addKeyValue("tables", config.tables().keySet())
        .addKeyValue("version", Version.current())
        .log("Crossfade is running");
  }

  /** Last of all to be closed: its end tells a new proxy that everything else has ended. */
  private void offerHandOver(Path socket, Relay relay) throws StartException {
    if (!HandOverServer.available() || !Endpoint.canBeSocket(socket)) {
      LOGGER
          .atInfo()
          .addKeyValue("socket", socket)
          .log("no hand-over here: it needs Linux and a shorter path (hand-over)");
      return;
    }
    try {
      toClose.addLast(
          new HandOverServer(
              socket,
              relay::descriptors,
              () -> {
                relay.handedOver();
                new Thread(this::close, "handed-over").start();
              }));
    } catch (IOException e) {
      throw new StartException("cannot listen on " + socket + " (hand-over): " + e.getMessage(), e);
    }
  }

  private static List<SocketAddress> start(
      Relay relay, CrossfadeConfig config, Map<String, Integer> inherited) throws StartException {
    try {
      return relay.start(inherited);
    } catch (Exception e) {
      String listen =
          config.listen().stream().map(Endpoint::toString).collect(Collectors.joining(", "));
      throw new StartException("cannot listen on " + listen + " (listen): " + e.getMessage(), e);
    }
  }

  /** Plugins reach MySQL over TCP only. */
  private static InetSocketAddress mysqlForPlugins(CrossfadeConfig.Mysql mysql) {
    HostPort tcp = mysql.pluginsAddress() != null ? mysql.pluginsAddress() : mysql.address().tcp();
    // Without an address there are no plugins; see ConfigChecks.
    return tcp == null ? InetSocketAddress.createUnresolved("none", 0) : tcp.toConnect();
  }

  private static InetSocketAddress startAdmin(AdminServer server) throws StartException {
    try {
      return server.start();
    } catch (IOException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  private <T extends AutoCloseable> T keep(T part) {
    toClose.addFirst(part);
    return part;
  }

  /** What the configuration says to the relay. */
  static RelaySettings settings(CrossfadeConfig config) {
    CrossfadeConfig.Tls tls = config.tls();
    CrossfadeConfig.Limits limits = config.limits();
    return new RelaySettings(
        config.mysql().address().toConnect(),
        tls.certificate(),
        tls.privateKey(),
        Math.toIntExact(limits.inspect().bytes()),
        limits.pluginTime(),
        limits.connections(),
        limits.connectTimeout(),
        limits.threads(),
        Legs.of(config));
  }

  /** Reads the configuration file again; only while started. */
  public ReloadResult reload(String trigger) {
    ConfigReloader following = reloader;
    if (following == null || state != Lifecycle.STARTED) {
      throw new IllegalStateException("is " + state);
    }
    return following.reload(trigger);
  }

  /** Where clients connect, in the order of the configuration; only once started. */
  public List<SocketAddress> listening() {
    return started(listening);
  }

  /** Where the admin port listens; only once started. */
  public InetSocketAddress admin() {
    return started(admin);
  }

  private <T> T started(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("is " + state);
    }
    return value;
  }

  /** Where it is in its life. */
  public Lifecycle state() {
    return state;
  }

  /** Waits until it has stopped. */
  public void awaitStopped() throws InterruptedException {
    stopped.await();
  }

  /** Drains the sessions, stops everything; a start under way is interrupted. Idempotent. */
  @Override
  public void close() {
    Thread busy = starter;
    if (busy != null && busy != Thread.currentThread()) {
      busy.interrupt();
    }
    synchronized (starting) {
      stop();
    }
  }

  private void stop() {
    if (state == Lifecycle.STOPPED || state == Lifecycle.STOPPING) {
      return;
    }
    boolean ran = state == Lifecycle.STARTED;
    state = Lifecycle.STOPPING;
    while (!toClose.isEmpty()) {
      AutoCloseable part = toClose.removeFirst();
      try {
        part.close();
      } catch (Exception e) {
        LOGGER.atError().setCause(e).log("a part failed to stop");
      }
    }
    state = Lifecycle.STOPPED;
    stopped.countDown();
    if (ran) {
      LOGGER.atInfo().log("Crossfade has stopped");
    }
  }
}
