package io.crossfade.distribution.clients;

import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.distribution.Distribution;
import io.crossfade.sandbox.HBaseServer;
import io.crossfade.sandbox.Loopback;
import io.crossfade.sandbox.MySqlServer;
import io.crossfade.sandbox.SharedServers;
import io.crossfade.sandbox.compare.IndependentComparison;
import io.crossfade.sandbox.proxy.ProxyProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Collection;
import java.util.stream.Collectors;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;

/** The shipped proxy in front of MySQL, mirroring the follower tables of several schemas. */
final class ClientsProxy implements AutoCloseable {
  private final MySqlServer mysql;
  private final HBaseServer hbase;
  private final int port = Loopback.freePort();
  private final ProxyProcess proxy;

  ClientsProxy(MySqlServer mysql, HBaseServer hbase, Collection<String> schemas)
      throws IOException, InterruptedException {
    this.mysql = mysql;
    this.hbase = hbase;
    Path directory =
        Files.createDirectories(
            Path.of("target", "e2e", SharedServers.uniqueSchema("clients")).toAbsolutePath());
    int adminPort = Loopback.freePort();
    Path config = directory.resolve("crossfade.yaml");
    Files.writeString(config, yaml(adminPort, directory.resolve("data"), schemas));
    this.proxy =
        ProxyProcess.start(
            Distribution.directory(), config, directory.resolve("proxy.log"), adminPort);
    proxy.awaitReady(Duration.ofMinutes(2));
  }

  Endpoint endpoint(String schema) {
    return new Endpoint("127.0.0.1", port, schema);
  }

  /** Waits until every change through the proxy is in HBase, then compares row by row. */
  IndependentComparison.Outcome compare(String schema) throws Exception {
    Awaitility.await("nothing dirty in " + schema)
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(
            () -> {
              JsonNode m = proxy.admin().table(schema + ".follower", "mirror");
              Assertions.assertThat(m.path("dirtyKeys").asLong(-1)).as("%s", m).isZero();
              Assertions.assertThat(m.path("dirtyRanges").asLong(-1)).as("%s", m).isZero();
            });
    try (Connection c = mysql.connect(schema)) {
      return new IndependentComparison(hbase.bootstrapServers(), schema, "wide").compare(c);
    }
  }

  private String yaml(int adminPort, Path data, Collection<String> schemas) {
    return """
        listen: 127.0.0.1:%d
        mysql:
          address: %s:%d
        admin:
          listen: 127.0.0.1:%d
        data-directory: %s
        plugins:
          dualwrite:
            mysql:
              user: crossfade
              password: crossfade
            hbase:
              bootstrap-servers: %s
              deadline: 5s
              require-at-start: false
            write-lifetime: 5s
        tables:
        """
            .formatted(port, mysql.host(), mysql.port(), adminPort, data, hbase.bootstrapServers())
        + schemas.stream()
            .map(
                schema ->
                    """
                      %1$s.follower:
                        hbase-table: %1$s
                        layout: wide
                        list-key: [user_id]
                        orders:
                          newest: [created_at desc]
                        regions: 1
                    """
                        .formatted(schema))
            .collect(Collectors.joining());
  }

  @Override
  public void close() {
    proxy.close();
  }
}
