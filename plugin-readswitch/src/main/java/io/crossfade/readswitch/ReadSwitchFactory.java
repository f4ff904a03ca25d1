package io.crossfade.readswitch;

import com.github.benmanes.caffeine.cache.Ticker;
import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.plugin.ConfigProblem;
import io.crossfade.api.plugin.Interceptor;
import io.crossfade.api.plugin.InterceptorFactory;
import io.crossfade.api.plugin.MirrorState;
import io.crossfade.api.plugin.PluginContext;
import io.crossfade.api.plugin.PluginException;
import io.crossfade.api.plugin.ReadShare;
import io.crossfade.api.plugin.SessionView;
import io.crossfade.api.sql.TableName;
import io.crossfade.readswitch.ReadSwitchConfig.TableReads;
import io.crossfade.readswitch.ReadSwitchConfig.Whitelist;
import io.crossfade.readswitch.census.Census;
import io.crossfade.readswitch.hbase.HBaseReader;
import io.crossfade.readswitch.position.Cidr;
import io.crossfade.readswitch.position.ListWhitelist;
import io.crossfade.readswitch.position.Position;
import io.crossfade.readswitch.route.MetadataCache;
import io.crossfade.readswitch.route.ReadInterceptor;
import io.crossfade.readswitch.route.ReadTally;
import io.crossfade.readswitch.route.Route;
import io.crossfade.readswitch.route.RouteSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.hbase.client.AsyncConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugin {@code readswitch}. It reads HBase through the connection, and by leave of the {@link
 * MirrorState}, that the plugin {@code dualwrite} publishes.
 */
public final class ReadSwitchFactory implements InterceptorFactory<ReadSwitchConfig> {
  private static final Logger LOGGER = LoggerFactory.getLogger(ReadSwitchFactory.class);
  // After dualwrite, whose services it needs and which must see every statement.
  private static final int ORDER = 200;

  private volatile RouteSettings settings = settings(ReadSwitchConfig.NOTHING);
  private volatile @Nullable Route route;

  @Override
  public String name() {
    return "readswitch";
  }

  @Override
  public int order() {
    return ORDER;
  }

  @Override
  public Class<ReadSwitchConfig> configType() {
    return ReadSwitchConfig.class;
  }

  @Override
  public List<ConfigProblem> check(ReadSwitchConfig config, List<TableConfig> tables) {
    return ConfigCheck.check(config, tables);
  }

  @Override
  public void start(PluginContext context, ReadSwitchConfig config) throws PluginException {
    MirrorState mirror =
        context
            .find(MirrorState.class)
            .orElseThrow(
                () ->
                    new PluginException(
                        "readswitch reads what dualwrite mirrors, but dualwrite is not running:"
                            + " configure plugins.dualwrite too, or remove plugins.readswitch"));
    Set<TableName> watched =
        context.tables().stream().map(TableConfig::name).collect(Collectors.toUnmodifiableSet());
    Census census = new Census();
    settings = settings(config);
    Route started =
        Route.of(
            watched,
            mirror,
            new HBaseReader(() -> context.find(AsyncConnection.class)),
            new MetadataCache(Ticker.systemTicker()),
            census,
            new ReadTally(context.meters()),
            () -> settings);
    context.publish(ReadShare.class, started);
    context.status("reads", started::status);
    context.status("census", census::status);
    route = started;
  }

  @Override
  public List<String> reload(ReadSwitchConfig config) {
    settings = settings(config);
    config
        .tables()
        .forEach(
            (table, reads) ->
                LOGGER
                    .atInfo()
                    .addKeyValue("table", table)
                    .addKeyValue("percentage", reads.percentage())
                    .log("position of reads set"));
    return List.of();
  }

  @Override
  public Interceptor open(SessionView session) {
    Route started = route;
    if (started == null) {
      throw new IllegalStateException("readswitch was not started");
    }
    return new ReadInterceptor(started, session);
  }

  @Override
  public void close() {
    route = null;
  }

  private static RouteSettings settings(ReadSwitchConfig config) {
    Map<TableName, RouteSettings.Table> tables = new HashMap<>();
    config
        .tables()
        .forEach(
            (name, reads) ->
                tables.put(name, new RouteSettings.Table(position(reads), reads.timeLimit())));
    return new RouteSettings(
        Map.copyOf(tables), config.circuitBreaker().failures(), config.circuitBreaker().openFor());
  }

  private static Position position(TableReads reads) {
    Whitelist whitelist = reads.whitelist();
    return Position.of(
        reads.percentage(),
        Set.copyOf(whitelist.users()),
        whitelist.networks().stream().map(Cidr::parse).toList(),
        new ListWhitelist(whitelist.lists()));
  }
}
