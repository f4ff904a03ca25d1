package io.crossfade.sandbox.selftest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;

/**
 * The proxy's configuration.
 *
 * @param listenPort the proxy's port
 * @param adminPort the admin port
 * @param servers MySQL and HBase
 * @param schemas the tables to watch
 * @param metaTable HBase table of versions
 * @param data the proxy's data directory
 * @param deadline HBase's
 * @param writeLifetime see the configuration reference
 * @param witness whether the binlog witness is on
 */
record SelfTestConfig(
    int listenPort,
    int adminPort,
    Servers servers,
    List<ScratchSchema> schemas,
    String metaTable,
    Path data,
    Duration deadline,
    Duration writeLifetime,
    boolean witness) {

  private String yaml(int percentage) {
    StringBuilder tables = new StringBuilder();
    StringBuilder reads = new StringBuilder();
    for (ScratchSchema schema : schemas) {
      for (ScratchTable table : schema.tables()) {
        tables.append("  %s:\n".formatted(schema.qualified(table)));
        tables.append("    hbase-table: %s\n".formatted(schema.hbaseTable(table)));
        tables.append("    layout: %s\n".formatted(schema.wide() ? "wide" : "tall"));
        tables.append("    list-key: %s\n".formatted(table.listKey()));
        tables.append("    regions: 2\n");
        if (!table.orders().isEmpty()) {
          tables.append("    orders:\n");
        }
        for (int i = 0; i < table.orders().size(); i++) {
          tables.append("      o%d: %s\n".formatted(i, table.orders().get(i)));
        }
        reads.append("      %s:\n".formatted(schema.qualified(table)));
        reads.append("        percentage: %d\n        time-limit: 1s\n".formatted(percentage));
      }
    }
    return """
        listen: 127.0.0.1:%d
        mysql:
          address: %s:%d
        admin:
          listen: 127.0.0.1:%d
        data-directory: %s
        tables:
        %splugins:
          dualwrite:
            mysql:
              user: %s
              password: %s
            hbase:
              bootstrap-servers: %s
              deadline: %dms
              meta-table: %s
            write-lifetime: %dms
            witness:
              enabled: %b
          readswitch:
            tables:
        %s"""
        .formatted(
            listenPort,
            servers.mysql().host(),
            servers.mysql().port(),
            adminPort,
            quoted(data.toString()),
            tables,
            quoted(servers.mirror().user()),
            quoted(servers.mirror().password()),
            servers.bootstrapServers(),
            deadline.toMillis(),
            metaTable,
            writeLifetime.toMillis(),
            witness,
            reads);
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** Writes it in one step. */
  void write(Path file, int percentage) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.write(fresh, yaml(percentage).getBytes(StandardCharsets.UTF_8));
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
