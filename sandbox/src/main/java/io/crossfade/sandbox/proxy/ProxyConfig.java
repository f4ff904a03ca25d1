package io.crossfade.sandbox.proxy;

import io.crossfade.sandbox.workload.Workload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;

/**
 * A configuration of the proxy for one follower table, written as the YAML an operator would write.
 *
 * @param listenPort the proxy's port
 * @param adminPort the admin port
 * @param mysql MySQL and the schema of the table
 * @param hbase HBase's bootstrap servers
 * @param hbaseTable the table in HBase
 * @param layout {@code wide} or {@code tall}
 * @param data the proxy's data directory
 * @param writeLifetime see the configuration reference
 * @param percentage share of sessions whose reads HBase answers, as written
 * @param lists whitelisted lists
 */
public record ProxyConfig(
    int listenPort,
    int adminPort,
    Workload.Target mysql,
    String hbase,
    String hbaseTable,
    String layout,
    Path data,
    Duration writeLifetime,
    String percentage,
    List<Long> lists) {

  /** The same with another share of reads. */
  public ProxyConfig withReads(String newPercentage, List<Long> newLists) {
    return new ProxyConfig(
        listenPort,
        adminPort,
        mysql,
        hbase,
        hbaseTable,
        layout,
        data,
        writeLifetime,
        newPercentage,
        newLists);
  }

  /** {@code schema.follower}. */
  public String table() {
    return mysql.schema() + ".follower";
  }

  /** The YAML text. */
  public String yaml() {
    return """
        listen: 127.0.0.1:%d
        mysql:
          address: %s:%d
        admin:
          listen: 127.0.0.1:%d
        data-directory: %s
        tables:
          %s:
            hbase-table: %s
            layout: %s
            list-key: [user_id]
            orders:
              newest: [created_at desc]
            regions: 4
        plugins:
          dualwrite:
            mysql:
              user: crossfade
              password: crossfade
            hbase:
              bootstrap-servers: %s
            write-lifetime: %ds
          readswitch:
            tables:
              %s:
                percentage: %s
                whitelist:
                  lists: %s
                freshness: strict
                time-limit: 250ms
        """
        .formatted(
            listenPort,
            mysql.host(),
            mysql.port(),
            adminPort,
            data,
            table(),
            hbaseTable,
            layout,
            hbase,
            writeLifetime.toSeconds(),
            table(),
            percentage,
            lists);
  }

  /** Writes the YAML to {@code file} in one step, as a careful editor does. */
  public void write(Path file) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.write(fresh, yaml().getBytes(StandardCharsets.UTF_8));
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
