package io.crossfade.server.config;

import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.api.mapping.TableConfig.Order;
import io.crossfade.api.mapping.TableConfig.OrderColumn;
import io.crossfade.api.sql.TableName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The configuration file. Its keys, units and defaults are explained in {@code
 * conf/crossfade.yaml}. Everything but the plugins' sections is fixed until a restart.
 *
 * @param listen where clients connect
 * @param mysql the MySQL server behind the proxy
 * @param tls the certificate shown to clients; null = one is generated
 * @param limits what bounds the relay
 * @param admin the admin port
 * @param dataDirectory where state that must survive a restart is kept
 * @param tables the watched tables
 * @param plugins each plugin's section as it was read
 */
public record CrossfadeConfig(
    HostPort listen,
    Mysql mysql,
    @Nullable Tls tls,
    Limits limits,
    Admin admin,
    Path dataDirectory,
    Map<TableName, Table> tables,
    Map<String, ConfigNode> plugins) {

  /** Fills in what the file leaves out. */
  public CrossfadeConfig {
    listen = listen == null ? new HostPort("127.0.0.1", 3307) : listen;
    mysql = require(mysql, "mysql: {address: host:port} is required");
    limits = limits == null ? new Limits(null, null, null, null, null, null) : limits;
    admin = admin == null ? new Admin(null, null) : admin;
    dataDirectory =
        require(
            dataDirectory, "data-directory is required: what must survive a restart is kept there");
    tables = tables == null ? Map.of() : tables;
    plugins = plugins == null ? Map.of() : plugins;
  }

  /** The watched tables as plugins see them. */
  public List<TableConfig> tableConfigs() {
    return tables.entrySet().stream().map(e -> e.getValue().toTableConfig(e.getKey())).toList();
  }

  private static <T> T require(@Nullable T value, String message) {
    if (value == null) {
      throw new IllegalArgumentException(message);
    }
    return value;
  }

  /** Where MySQL listens. */
  public record Mysql(HostPort address) {
    /** The address has no default: guessing it could watch the wrong server. */
    public Mysql {
      require(address, "address is required: the MySQL server behind the proxy, host:port");
    }
  }

  /** PEM files. */
  public record Tls(Path certificate, Path privateKey) {
    /** Both belong together. */
    public Tls {
      require(certificate, "certificate is required: a PEM file");
      require(privateKey, "private-key is required: a PEM file");
    }
  }

  /**
   * What bounds the relay.
   *
   * @param inspect bytes of a statement that are held for inspection
   * @param connections clients beyond this number are refused
   * @param pluginTime how long a plugin may think about a command
   * @param connectTimeout limit for a connection to MySQL
   * @param threads event-loop threads; 0 = one a core
   * @param drain how long sessions may go on when the proxy stops
   */
  public record Limits(
      ByteSize inspect,
      Integer connections,
      Duration pluginTime,
      Duration connectTimeout,
      Integer threads,
      Duration drain) {
    /** Fills in the defaults for {@code null}. */
    public Limits(
        @Nullable ByteSize inspect,
        @Nullable Integer connections,
        @Nullable Duration pluginTime,
        @Nullable Duration connectTimeout,
        @Nullable Integer threads,
        @Nullable Duration drain) {
      this.inspect = inspect == null ? ByteSize.mebibytes(4) : inspect;
      this.connections = connections == null ? 10_000 : connections;
      this.pluginTime = pluginTime == null ? Duration.ofSeconds(20) : pluginTime;
      this.connectTimeout = connectTimeout == null ? Duration.ofSeconds(10) : connectTimeout;
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
