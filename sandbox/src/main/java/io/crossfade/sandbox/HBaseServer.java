package io.crossfade.sandbox;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.HBaseConfiguration;

/** An HBase that is reached without its ZooKeeper. Thread-safe. */
public interface HBaseServer {
  /**
   * @return {@code host:port} of servers that know the cluster, comma-separated: the value of
   *     {@code hbase.client.bootstrap.servers}
   */
  String bootstrapServers();

  /**
   * @return a new client configuration for this cluster, with HBase's own time limits; the caller
   *     may change it
   */
  default Configuration clientConfiguration() {
    Configuration configuration = HBaseConfiguration.create();
    configuration.set(
        "hbase.client.registry.impl", "org.apache.hadoop.hbase.client.RpcConnectionRegistry");
    configuration.set("hbase.client.bootstrap.servers", bootstrapServers());
    return configuration;
  }
}
