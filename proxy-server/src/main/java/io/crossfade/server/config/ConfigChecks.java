package io.crossfade.server.config;

import io.crossfade.api.mapping.TableConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What must hold between and beyond the types of {@link CrossfadeConfig}. */
final class ConfigChecks {
  private static final Pattern HBASE_TABLE =
      Pattern.compile("([A-Za-z0-9_]+:)?[A-Za-z0-9_][A-Za-z0-9_.-]*");
  private final BiConsumer<String, String> problem;

  /** Tells {@code problem} (path, message) what is wrong. */
  ConfigChecks(BiConsumer<String, String> problem) {
    this.problem = problem;
  }

  void check(CrossfadeConfig config) {
    limits(config.limits());
    addresses(config);
    tls(config);
    tcp(config.tcp());
    if (Files.exists(config.dataDirectory()) && !Files.isDirectory(config.dataDirectory())) {
      problem.accept("data-directory", config.dataDirectory() + " is not a directory");
    }
    if (config.tables().isEmpty()) {
      problem.accept("tables", "no table is given; name at least one as schema.table");
    }
    Map<String, String> owners = new HashMap<>();
    for (TableConfig table : config.tableConfigs()) {
      table(table, owners);
    }
  }

  private void addresses(CrossfadeConfig config) {
    Endpoint mysql = config.mysql().address();
    if (mysql.tcp() != null && mysql.tcp().port() == 0) {
      problem.accept("mysql.address", "the port must be between 1 and 65535");
    }
    if (mysql.tcp() == null
        && config.mysql().pluginsAddress() == null
        && !config.plugins().isEmpty()) {
      problem.accept(
          "mysql.plugins-address",
          "is required beside a unix socket: plugins reach MySQL over TCP, host:port");
    }
    if (config.listen().isEmpty()) {
      problem.accept("listen", "names no address");
    }
    if (new HashSet<>(config.listen()).size() < config.listen().size()) {
      problem.accept("listen", "names an address twice");
    }
    if (config.listen().contains(mysql)) {
      problem.accept("listen", "is the address of MySQL itself; the proxy would call itself");
    }
    if (config.handOver() != null && !Endpoint.canBeSocket(config.handOver())) {
      problem.accept("hand-over", "is too long for a unix socket: at most 95 bytes");
    }
    HostPort admin = config.admin().listen();
    if (admin.port() != 0 && config.listen().contains(new Endpoint(admin, null))) {
      problem.accept("admin.listen", "is the address where MySQL clients connect (listen)");
    }
  }

  private void tls(CrossfadeConfig config) {
    readable("tls.certificate", config.tls().certificate());
    readable("tls.private-key", config.tls().privateKey());
    readable("mysql.tls.ca", config.mysql().tls().ca());
    if (config.tls().versions().isEmpty()) {
      problem.accept("tls.versions", "names no version");
    }
    CrossfadeConfig.Verify verify = config.mysql().tls().verify();
    if (verify == CrossfadeConfig.Verify.NONE && config.mysql().tls().ca() != null) {
      problem.accept("mysql.tls.ca", "is not used with verify: none");
    }
    if (verify == CrossfadeConfig.Verify.IDENTITY && config.mysql().address().tcp() == null) {
      problem.accept("mysql.tls.verify", "a unix socket has no name that could be verified");
    }
  }

  private void tcp(CrossfadeConfig.Tcp tcp) {
    Duration hours = Duration.ofHours(9);
    between("tcp.keep-alive", tcp.keepAlive(), Duration.ZERO, hours);
    between("tcp.keep-alive-interval", tcp.keepAliveInterval(), Duration.ofSeconds(1), hours);
    between("tcp.keep-alive-probes", tcp.keepAliveProbes(), 1, 100, "1 and 100");
    between("tcp.user-timeout", tcp.userTimeout(), Duration.ZERO, hours);
  }

  private void limits(CrossfadeConfig.Limits limits) {
    between("limits.inspect", limits.inspect().bytes(), 1024, 1L << 30, "1 KiB and 1 GiB");
    between("limits.connections", limits.connections(), 1, 1_000_000, "1 and 1000000");
    between("limits.threads", limits.threads(), 0, 1024, "0 and 1024");
    between("limits.plugin-time", limits.pluginTime(), Duration.ofSeconds(15), Duration.ofHours(1));
    between(
        "limits.connect-timeout",
        limits.connectTimeout(),
        Duration.ofMillis(1),
        Duration.ofMinutes(10));
    between("limits.login", limits.login(), Duration.ofMillis(1), Duration.ofHours(1));
    between("limits.drain", limits.drain(), Duration.ZERO, Duration.ofHours(1));
  }

  private void table(TableConfig table, Map<String, String> owners) {
    String path = "tables." + table.name();
    String owner = owners.putIfAbsent(table.hbaseTable(), table.name().toString());
    if (owner != null) {
      problem.accept(
          path + ".hbase-table", table.hbaseTable() + " is already the table of " + owner);
    }
    if (!HBASE_TABLE.matcher(table.hbaseTable()).matches()) {
      problem.accept(
          path + ".hbase-table",
          "'" + table.hbaseTable() + "' is no name for an HBase table (letters, digits, _ - .)");
    }
    if (table.listKey().isEmpty()) {
      problem.accept(
          path + ".list-key", "is required: the leading primary-key columns that make a list");
    }
    if (new HashSet<>(table.listKey()).size() < table.listKey().size()) {
      problem.accept(path + ".list-key", "names a column twice");
    }
    between(path + ".regions", table.regions(), 1, 10_000, "1 and 10000");
    for (TableConfig.Order order : table.orders()) {
      if (order.by().isEmpty()) {
        problem.accept(path + ".orders." + order.name(), "names no column");
      }
    }
  }

  private void readable(String path, @Nullable Path file) {
    if (file != null && !Files.isReadable(file)) {
      problem.accept(path, "cannot read the file " + file);
    }
  }

  private void between(String path, long value, long min, long max, String range) {
    if (value < min || value > max) {
      problem.accept(path, "must be between " + range);
    }
  }

  private void between(String path, Duration value, Duration min, Duration max) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      problem.accept(path, "must be between " + min.toMillis() + "ms and " + max.toMinutes() + "m");
    }
  }
}
