package io.crossfade.server.frontend;

import io.crossfade.api.plugin.InterceptorFactory;
import io.crossfade.api.sql.DruidSqlAnalyzer;
import io.crossfade.api.sql.TableName;
import io.crossfade.sandbox.MySqlServer;
import io.crossfade.server.session.RelaySettings;
import io.crossfade.server.session.WatchedNames;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** A relay on a free port in front of a MySQL server. */
final class RelayFixture implements AutoCloseable {
  static final Duration TIME_LIMIT = Duration.ofMillis(500);

  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final WatchedNames watched;
  final RelayServer server;
  final List<SocketAddress> addresses;
  final InetSocketAddress address;

  RelayFixture(MySqlServer mysql, List<TableName> tables, InterceptorFactory<?>... plugins) {
    this(settings(mysql.host(), mysql.port(), 100), tables, plugins);
  }

  RelayFixture(RelaySettings settings, List<TableName> tables, InterceptorFactory<?>... plugins) {
    watched = new WatchedNames(tables);
    server = new RelayServer(settings, List.of(plugins), watched, new DruidSqlAnalyzer(), meters);
    addresses = server.start();
    address = (InetSocketAddress) addresses.get(0);
  }

  static RelaySettings settings(String host, int port, int maxConnections) {
    return new RelaySettings(
        new InetSocketAddress("127.0.0.1", 0),
        InetSocketAddress.createUnresolved(host, port),
        null,
        null,
        1 << 20,
        TIME_LIMIT,
        maxConnections,
        Duration.ofSeconds(5),
        2);
  }

  String url(String database, String options) {
    return "jdbc:mysql://127.0.0.1:" + address.getPort() + "/" + database + "?" + options;
  }

  Connection connect(String database, String user, String password, String options)
      throws SQLException {
    return DriverManager.getConnection(
        url(database, "useSSL=false&allowPublicKeyRetrieval=true&" + options), user, password);
  }

  Connection connect(String database) throws SQLException {
    return connect(database, "app", "app", "");
  }

  double count(String meter, String... tags) {
    var counter = meters.find(meter).tags(tags).counter();
    return counter == null ? 0 : counter.count();
  }

  @Override
  public void close() {
    server.close();
  }
}
