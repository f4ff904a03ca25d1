package io.crossfade.dualwrite;

import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.plugin.Exchange;
import io.crossfade.api.plugin.Interceptor;
import io.crossfade.api.plugin.Outcome;
import io.crossfade.api.plugin.SessionView;
import io.crossfade.api.plugin.Verdict;
import io.crossfade.api.sql.DruidSqlAnalyzer;
import io.crossfade.api.sql.Statement;
import io.crossfade.dualwrite.dirty.DirtyStore;
import io.crossfade.sandbox.MySqlServer;
import io.crossfade.server.frontend.RelayServer;
import io.crossfade.server.session.RelaySettings;
import io.crossfade.server.session.WatchedNames;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** The running plugin behind a real relay. */
final class Rig implements AutoCloseable {
  /** Of one operation, and of a write that was given up: a second look comes soon. */
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  final FakeContext context;
  final DualWrite plugin;
  final RelayServer relay;
  private final int port;

  Rig(
      MySqlServer mysql,
      List<TableConfig> tables,
      Path directory,
      DualWriteConfig config,
      UnaryOperator<DirtyStore> observed)
      throws Exception {
    InetSocketAddress address = new InetSocketAddress(mysql.host(), mysql.port());
    WatchedNames watched = new WatchedNames(tables.stream().map(TableConfig::name).toList());
    context = new FakeContext(tables, directory, address);
    context.relay(watched);
    plugin = DualWrite.start(context, config, observed);
    relay =
        new RelayServer(
            new RelaySettings(
                new InetSocketAddress("127.0.0.1", 0),
                InetSocketAddress.createUnresolved(mysql.host(), mysql.port()),
                null,
                null,
                1 << 20,
                Duration.ofSeconds(10),
                100,
                Duration.ofSeconds(5),
                2),
            List.of(new Running(), new Asking()),
            watched,
            new DruidSqlAnalyzer(),
            context.meters());
    port = ((InetSocketAddress) relay.start().get(0)).getPort();
  }

  static DualWriteConfig config(String hbase, boolean required, DdlPolicy ddl, TableConfig table) {
    return config(hbase, required, ddl, table, false);
  }

  static DualWriteConfig config(
      String hbase, boolean required, DdlPolicy ddl, TableConfig table, boolean witness) {
    return new DualWriteConfig(
        new DualWriteConfig.MySql("crossfade", "crossfade", 0),
        new DualWriteConfig.HBase(hbase, null, null, required, null, DEADLINE),
        new DualWriteConfig.Dirty(null, null, null, null, null),
        new DualWriteConfig.Reconcile(0, 0, 0, 0),
        0,
        0,
        DEADLINE,
        Duration.ofHours(24),
        new DualWriteConfig.Throttle(null, null, null),
        new DualWriteConfig.Capture(null),
        new DualWriteConfig.Witness(witness, 0, 0),
        Map.of(table.name(), new DualWriteConfig.Table(ddl)));
  }

  /** A client of the relay. */
  Connection connect(String database, String options) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:mysql://127.0.0.1:"
            + port
            + "/"
            + database
            + "?useSSL=false&allowPublicKeyRetrieval=true&"
            + options,
        "app",
        "app");
  }

  private final class Running extends PluginForRelay {
    @Override
    public Interceptor open(SessionView session) {
      return plugin.open(session);
    }
  }

  /** Has the session's variables known after a SELECT, as the read-switch plugin does. */
  private static final class Asking extends PluginForRelay {
    @Override
    public String name() {
      return "asking";
    }

    @Override
    public int order() {
      return 200;
    }

    @Override
    public Interceptor open(SessionView session) {
      return new Interceptor() {
        @Override
        public boolean attentive() {
          return false;
        }

        @Override
        public CompletionStage<Verdict> before(Exchange exchange) {
          boolean select =
              exchange.statements().size() == 1
                  && exchange.statements().get(0).statement().kind() == Statement.Kind.SELECT;
          return select
              ? session.facts().handle((facts, unknown) -> Verdict.forward())
              : CompletableFuture.completedFuture(Verdict.forward());
        }

        @Override
        public void after(Exchange exchange, Outcome outcome) {}

        @Override
        public void closed() {}
      };
    }
  }

  @Override
  public void close() {
    relay.close();
    plugin.close();
  }
}
