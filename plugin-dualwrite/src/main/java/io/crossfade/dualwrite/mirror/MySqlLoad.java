package io.crossfade.dualwrite.mirror;

import io.crossfade.dualwrite.mysql.MySqlPool;
import io.crossfade.dualwrite.mysql.ServerLoad;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** How much MySQL has to do; a connection to each replica is kept. Thread-safe; blocks. */
public final class MySqlLoad implements LoadWatch.Server, AutoCloseable {
  private final MySqlPool primary;
  private final String user;
  private final String password;
  private final Map<String, MySqlPool> pools = new HashMap<>();

  /**
   * @param primary connections to the primary
   * @param user the account for the replicas; needs REPLICATION CLIENT there
   * @param password its password
   */
  public MySqlLoad(MySqlPool primary, String user, String password) {
    this.primary = primary;
    this.user = user;
    this.password = password;
  }

  @Override
  public long threadsRunning() throws SQLException, IOException, InterruptedException {
    return primary.with(ServerLoad::threadsRunning);
  }

  @Override
  public synchronized OptionalLong secondsBehind(List<String> addresses)
      throws SQLException, IOException, InterruptedException {
    pools
        .entrySet()
        .removeIf(
            pool -> {
              boolean gone = !addresses.contains(pool.getKey());
              if (gone) {
                pool.getValue().close();
              }
              return gone;
            });
    OptionalLong slowest = OptionalLong.empty();
    for (String address : addresses) {
      OptionalLong seconds =
          pools.computeIfAbsent(address, this::connect).with(ServerLoad::secondsBehind);
      if (seconds.isPresent()) {
        slowest = OptionalLong.of(Math.max(slowest.orElse(0), seconds.getAsLong()));
      }
    }
    return slowest;
  }

  private MySqlPool connect(String address) {
    int colon = address.lastIndexOf(':');
    String host = address.substring(0, colon).replaceAll("[\\[\\]]", "");
    int port = Integer.parseInt(address.substring(colon + 1));
    return new MySqlPool(InetSocketAddress.createUnresolved(host, port), user, password, 1);
  }

  @Override
  public synchronized void close() {
    pools.values().forEach(MySqlPool::close);
    pools.clear();
  }
}
