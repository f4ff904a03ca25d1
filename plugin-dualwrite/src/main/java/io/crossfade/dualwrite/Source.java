package io.crossfade.dualwrite;

import io.crossfade.api.mapping.MappingException;
import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.mapping.TableMappings;
import io.crossfade.api.plugin.PluginException;
import io.crossfade.dualwrite.mysql.MySqlPool;
import io.crossfade.dualwrite.mysql.SchemaReader;
import io.crossfade.dualwrite.mysql.ServerChecks;
import io.crossfade.dualwrite.mysql.WatchedTable;
import io.crossfade.dualwrite.witness.Witness;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What MySQL said at start.
 *
 * @param serverUuid the primary
 * @param tables the watched tables as MySQL has them, with their mappings
 */
record Source(String serverUuid, Map<WatchedTable, TableMapping> tables) {
  /**
   * Looks at MySQL, and refuses with every reason at once.
   *
   * @param witness whether its binlog is to be read
   * @throws PluginException when MySQL cannot be reached, or is no fit source for the watched
   *     tables
   */
  static Source look(
      MySqlPool pool, InetSocketAddress address, List<TableConfig> configs, boolean witness)
      throws PluginException {
    List<String> problems = new ArrayList<>();
    Source source;
    try {
      source =
          pool.with(
              connection -> {
                String uuid = ServerChecks.check(connection, problems);
                if (witness) {
                  problems.addAll(Witness.problems(connection));
                }
                Map<WatchedTable, TableMapping> tables = new LinkedHashMap<>();
                for (TableConfig config : configs) {
                  SchemaReader.read(connection, config.name(), problems)
                      .ifPresent(table -> map(table, config, tables, problems));
                }
                return new Source(uuid, tables);
              });
    } catch (SQLException | IOException e) {
      throw new PluginException(
          "MySQL at "
              + address.getHostString()
              + ":"
              + address.getPort()
              + " does not serve the mirror's account: "
              + e.getMessage()
              + ". Check the address, that MySQL runs, and mysql.user and mysql.password",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PluginException("interrupted while MySQL was looked at", e);
    }
    if (!problems.isEmpty()) {
      throw new PluginException(
          "MySQL is not ready to be mirrored:\n  - " + String.join("\n  - ", problems));
    }
    return source;
  }

  private static void map(
      WatchedTable table,
      TableConfig config,
      Map<WatchedTable, TableMapping> tables,
      List<String> problems) {
    try {
      tables.put(table, TableMappings.create(table.schema(), config));
    } catch (MappingException e) {
      e.problems().forEach(problem -> problems.add(config.name() + ": " + problem));
    }
  }
}
