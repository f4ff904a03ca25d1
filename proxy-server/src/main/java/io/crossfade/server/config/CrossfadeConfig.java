package io.crossfade.server.config;

import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.api.mapping.TableConfig.Order;
import io.crossfade.api.mapping.TableConfig.OrderColumn;
import io.crossfade.api.sql.TableName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The configuration file. Its keys, units and defaults are explained in {@code
 * conf/crossfade.yaml}. Everything but the plugins' sections is fixed until a restart.
 *
 * @param listen where clients connect
 * @param mysql the MySQL server behind the proxy
 * @param tls how clients are offered TLS
 * @param requireTls whether a client on TCP must use it
 * @param proxyProtocol load balancers in front of the proxy
 * @param tcp how dead peers are noticed
 * @param limits what bounds the relay
 * @param admin the admin port
 * @param handOver the unix socket where a new version of the proxy asks for the listening sockets
 * @param dataDirectory where state that must survive a restart is kept
 * @param tables the watched tables
 * @param plugins each plugin's section as it was read
 */
public record CrossfadeConfig(
    @OneOrMany List<Endpoint> listen,
    Mysql mysql,
    Tls tls,
    Boolean requireTls,
    ProxyProtocol proxyProtocol,
    Tcp tcp,
    Limits limits,
    Admin admin,
    @Nullable Path handOver,
    Path dataDirectory,
    Map<TableName, Table> tables,
    Map<String, ConfigNode> plugins) {

  /** Fills in what the file leaves out. */
  public CrossfadeConfig {
    listen = listen == null ? List.of(Endpoint.of("127.0.0.1", 3307)) : List.copyOf(listen);
    mysql = require(mysql, "mysql: {address: host:port} is required");
    tls = tls == null ? new Tls(null, null, null, null) : tls;
    requireTls = requireTls != null && requireTls;
    proxyProtocol = proxyProtocol == null ? new ProxyProtocol(null) : proxyProtocol;
    tcp = tcp == null ? new Tcp(null, null, null, null) : tcp;
    limits = limits == null ? new Limits(null, null, null, null, null, null, null) : limits;
    admin = admin == null ? new Admin(null, null) : admin;
    dataDirectory =
        require(
            dataDirectory, "data-directory is required: what must survive a restart is kept there");
    tables = tables == null ? Map.of() : tables;
    plugins = plugins == null ? Map.of() : plugins;
  }

  /** The unix socket for hand-overs: the configured one, else one in the data directory. */
  public Path handOverSocket() {
    return handOver == null ? dataDirectory.resolve("hand-over.sock") : handOver;
  }

  /** The watched tables as plugins see them. */
  public List<TableConfig> tableConfigs() {
    return tables.entrySet().stream().map(e -> e.getValue().toTableConfig(e.getKey())).toList();
  }

  /** The files that are followed while the proxy runs, besides the configuration itself. */
  List<Path> files() {
    return Stream.of(tls.certificate(), tls.privateKey(), mysql.tls().ca())
        .flatMap(Stream::ofNullable)
        .toList();
  }

  private static <T> T require(@Nullable T value, String message) {
    if (value == null) {
      throw new IllegalArgumentException(message);
    }
    return value;
  }

  /**
   * The MySQL server.
   *
   * @param address where it listens
   * @param pluginsAddress where the plugins reach it when {@code address} is a unix socket
   * @param sendProxyProtocol whether it is told clients' addresses; null = not
   * @param tls what its certificate must prove
   * @param compression when connections to it are compressed
   */
  public record Mysql(
      Endpoint address,
      @Nullable HostPort pluginsAddress,
      @Nullable ProxyHeader sendProxyProtocol,
      MysqlTls tls,
      MysqlCompression compression) {
    /** The address has no default: guessing it could watch the wrong server. */
    public Mysql {
      require(
          address,
          "address is required: the MySQL server behind the proxy, host:port or unix:/path");
      tls = tls == null ? new MysqlTls(null, null) : tls;
      compression = compression == null ? MysqlCompression.NONE : compression;
    }
  }

  /** When the leg to MySQL is compressed: never, or when and as the client's is. */
  public enum MysqlCompression {
    NONE,
    AS_CLIENT
  }

  /** A version of the PROXY protocol. */
  public enum ProxyHeader {
    V1,
    V2
  }

  /**
   * TLS of the leg to MySQL.
   *
   * @param verify what MySQL's certificate must prove
   * @param ca PEM certificates of the authorities; null = the JDK's
   */
  public record MysqlTls(Verify verify, @Nullable Path ca) {
    /** Fills in the defaults for {@code null}. */
    public MysqlTls(@Nullable Verify verify, @Nullable Path ca) {
      this.verify = verify == null ? Verify.NONE : verify;
      this.ca = ca;
    }
  }

  /** What MySQL's certificate must prove: nothing, a known signer, the host's name as well. */
  public enum Verify {
    NONE,
    CA,
    IDENTITY
  }

  /**
   * TLS of the client leg.
   *
   * @param certificate PEM; null = one is generated
   * @param privateKey PEM; goes with the certificate
   * @param versions of TLS
   * @param ciphers by the JDK's names; empty = the JDK's choice
   */
  public record Tls(
      @Nullable Path certificate,
      @Nullable Path privateKey,
      Set<TlsVersion> versions,
      List<String> ciphers) {
    /** Fills in the defaults for {@code null}; certificate and key belong together. */
    public Tls(
        @Nullable Path certificate,
        @Nullable Path privateKey,
        @Nullable Set<TlsVersion> versions,
        @Nullable List<String> ciphers) {
      if (certificate != null) {
        require(privateKey, "private-key is required: a PEM file");
      }
      if (privateKey != null) {
        require(certificate, "certificate is required: a PEM file");
      }
      this.certificate = certificate;
      this.privateKey = privateKey;
      this.versions = versions == null ? EnumSet.allOf(TlsVersion.class) : Set.copyOf(versions);
      this.ciphers = ciphers == null ? List.of() : List.copyOf(ciphers);
    }
  }

  /** A version of TLS. */
  public enum TlsVersion {
    TLS_1_2("TLSv1.2"),
    TLS_1_3("TLSv1.3");

    private final String text;

    TlsVersion(String text) {
      this.text = text;
    }

    /** Reads {@code TLSv1.2} or {@code TLSv1.3}. */
    public static TlsVersion parse(String text) {
      return Arrays.stream(values())
          .filter(v -> v.text.equals(text))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no such version"));
    }

    /** The JDK's name, which is MySQL's too. */
    @Override
    public String toString() {
      return text;
    }
  }

  /** Networks whose connections begin with a PROXY protocol header. */
  public record ProxyProtocol(List<Network> acceptFrom) {
    /** Fills in the default for {@code null}. */
    public ProxyProtocol(@Nullable List<Network> acceptFrom) {
      this.acceptFrom = acceptFrom == null ? List.of() : List.copyOf(acceptFrom);
    }
  }

  /**
   * TCP's own means against dead peers, on both legs.
   *
   * @param keepAlive silence after which the other side is asked whether it lives; 0 = never
   * @param keepAliveInterval from one such question to the next
   * @param keepAliveProbes unanswered questions after which the connection is dead
   * @param userTimeout how long sent bytes may go unacknowledged; 0 = the system's rule
   */
  public record Tcp(
      Duration keepAlive,
      Duration keepAliveInterval,
      Integer keepAliveProbes,
      Duration userTimeout) {
    /** Fills in the defaults for {@code null}. */
    public Tcp(
        @Nullable Duration keepAlive,
        @Nullable Duration keepAliveInterval,
        @Nullable Integer keepAliveProbes,
        @Nullable Duration userTimeout) {
      this.keepAlive = keepAlive == null ? Duration.ofMinutes(2) : keepAlive;
      this.keepAliveInterval =
          keepAliveInterval == null ? Duration.ofSeconds(15) : keepAliveInterval;
      this.keepAliveProbes = keepAliveProbes == null ? 4 : keepAliveProbes;
      this.userTimeout = userTimeout == null ? Duration.ZERO : userTimeout;
    }
  }

  /**
   * What bounds the relay.
   *
   * @param inspect bytes of a statement that are held for inspection
   * @param connections clients beyond this number are refused
   * @param pluginTime how long a plugin may think about a command
   * @param connectTimeout limit for a connection to MySQL
   * @param login how long a client may take, while it is its turn, to log in
   * @param threads event-loop threads; 0 = one a core
   * @param drain how long sessions may go on when the proxy stops
   */
  public record Limits(
      ByteSize inspect,
      Integer connections,
      Duration pluginTime,
      Duration connectTimeout,
      Duration login,
      Integer threads,
      Duration drain) {
    /** Fills in the defaults for {@code null}. */
    public Limits(
        @Nullable ByteSize inspect,
        @Nullable Integer connections,
        @Nullable Duration pluginTime,
        @Nullable Duration connectTimeout,
        @Nullable Duration login,
        @Nullable Integer threads,
        @Nullable Duration drain) {
      this.inspect = inspect == null ? ByteSize.mebibytes(4) : inspect;
      this.connections = connections == null ? 10_000 : connections;
      this.pluginTime = pluginTime == null ? Duration.ofSeconds(20) : pluginTime;
      this.connectTimeout = connectTimeout == null ? Duration.ofSeconds(10) : connectTimeout;
      this.login = login == null ? Duration.ofSeconds(10) : login;
      this.threads = threads == null ? 0 : threads;
      this.drain = drain == null ? Duration.ofSeconds(30) : drain;
    }
  }

  /**
   * The admin port.
   *
   * @param listen where it listens
   * @param hostNames names, besides IP addresses and localhost, by which browsers may address it
   */
  public record Admin(HostPort listen, List<String> hostNames) {
    /** Fills in the defaults for {@code null}. */
    public Admin(@Nullable HostPort listen, @Nullable List<String> hostNames) {
      this.listen = listen == null ? new HostPort("127.0.0.1", 9090) : listen;
      this.hostNames = hostNames == null ? List.of() : List.copyOf(hostNames);
    }
  }

  /**
   * A watched table; see {@link TableConfig}.
   *
   * @param hbaseTable null = called like the MySQL table
   */
  public record Table(
      @Nullable String hbaseTable,
      Layout layout,
      List<String> listKey,
      Map<String, List<OrderColumn>> orders,
      Integer regions) {
    /** Fills in the defaults for {@code null}. */
    public Table(
        @Nullable String hbaseTable,
        @Nullable Layout layout,
        @Nullable List<String> listKey,
        @Nullable Map<String, List<OrderColumn>> orders,
        @Nullable Integer regions) {
      this.hbaseTable = hbaseTable;
      this.layout = layout == null ? Layout.WIDE : layout;
      this.listKey = listKey == null ? List.of() : List.copyOf(listKey);
      this.orders = orders == null ? Map.of() : new LinkedHashMap<>(orders);
      this.regions = regions == null ? 16 : regions;
    }

    TableConfig toTableConfig(TableName name) {
      List<Order> declared = new ArrayList<>();
      orders.forEach((order, by) -> declared.add(new Order(order, List.copyOf(by))));
      return new TableConfig(
          name,
          hbaseTable == null ? name.table() : hbaseTable,
          layout,
          listKey,
          List.copyOf(declared),
          regions);
    }
  }
}
