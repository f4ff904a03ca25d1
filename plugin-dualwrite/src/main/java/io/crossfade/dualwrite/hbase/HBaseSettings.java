package io.crossfade.dualwrite.hbase;

import java.time.Duration;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.HBaseConfiguration;
import org.apache.hadoop.hbase.client.ConnectionConfiguration;

/**
 * How HBase is reached.
 *
 * @param bootstrapServers {@code host:port,…}; empty when ZooKeeper is used
 * @param zookeeperQuorum {@code host:port,…}; empty when bootstrap servers are used
 * @param properties further client settings, they win
 * @param deadline after which one operation has failed
 * @param metaTable where reserved versions are kept
 */
public record HBaseSettings(
    String bootstrapServers,
    String zookeeperQuorum,
    Map<String, String> properties,
    Duration deadline,
    String metaTable) {

  /** The client's configuration: a dead HBase fails an operation by the deadline. */
  Configuration configuration() {
    Configuration c = HBaseConfiguration.create();
    if (!bootstrapServers.isEmpty()) {
      c.set("hbase.client.registry.impl", "org.apache.hadoop.hbase.client.RpcConnectionRegistry");
      c.set("hbase.client.bootstrap.servers", bootstrapServers);
    } else {
      c.set("hbase.zookeeper.quorum", zookeeperQuorum);
    }
    long millis = deadline.toMillis();
    long rpc = Math.max(500, millis / 3);
    c.setLong("hbase.client.operation.timeout", millis);
    c.setLong("hbase.client.meta.operation.timeout", millis);
    c.setLong("hbase.rpc.timeout", rpc);
    c.setLong("hbase.rpc.read.timeout", rpc);
    c.setLong("hbase.rpc.write.timeout", rpc);
    c.setLong("hbase.ipc.client.socket.timeout.connect", rpc);
    c.setLong("hbase.client.pause", 50);
    c.setInt("hbase.client.retries.number", 1_000);
    properties.forEach(c::set);
    return c;
  }

  /** The largest cell that the client sends, in bytes; 0 or less: any. */
  long largestCell() {
    return configuration()
        .getLong(
            ConnectionConfiguration.MAX_KEYVALUE_SIZE_KEY,
            ConnectionConfiguration.MAX_KEYVALUE_SIZE_DEFAULT);
  }
}
