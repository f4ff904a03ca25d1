package io.crossfade.sandbox.selftest;

import io.crossfade.sandbox.EmbeddedHBase;
import io.crossfade.sandbox.EmbeddedMySql;
import io.crossfade.sandbox.ExternalMySql;
import io.crossfade.sandbox.HBaseOptions;
import io.crossfade.sandbox.MySqlOptions;
import io.crossfade.sandbox.MySqlServer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * MySQL and HBase: the user's own, or started here.
 *
 * @param mysql where MySQL is
 * @param sessions the account of the sessions
 * @param mirror the proxy's own; the same one on the user's servers
 * @param bootstrapServers where HBase is
 * @param ownMySql set when started here
 * @param ownHBase set when started here
 */
record Servers(
    MySqlServer mysql,
    Account sessions,
    Account mirror,
    String bootstrapServers,
    Optional<EmbeddedMySql> ownMySql,
    Optional<EmbeddedHBase> ownHBase)
    implements AutoCloseable {
  /** A MySQL account. */
  record Account(String user, String password) {}

  static Servers start(@Nullable String mysql, @Nullable String hbase, Path data) {
    CompletableFuture<Optional<EmbeddedHBase>> starting =
        CompletableFuture.supplyAsync(
            () ->
                hbase != null
                    ? Optional.empty()
                    : Optional.of(EmbeddedHBase.start(HBaseOptions.in(data.resolve("hbase")))));
    if (mysql != null) {
      ExternalMySql given = ExternalMySql.parse(mysql, "--mysql");
      Optional<EmbeddedHBase> own = starting.join();
      Account account = new Account(given.user(), given.password());
      return new Servers(given, account, account, servers(hbase, own), Optional.empty(), own);
    }
    EmbeddedMySql started = EmbeddedMySql.start(MySqlOptions.in(data.resolve("mysql")));
    Optional<EmbeddedHBase> own = starting.join();
    return new Servers(
        started,
        new Account("app", "app"),
        new Account("crossfade", "crossfade"),
        servers(hbase, own),
        Optional.of(started),
        own);
  }

  private static String servers(@Nullable String given, Optional<EmbeddedHBase> own) {
    return own.map(EmbeddedHBase::bootstrapServers).orElse(given == null ? "" : given);
  }

  @Override
  public void close() {
    ownHBase.ifPresent(EmbeddedHBase::close);
    ownMySql.ifPresent(EmbeddedMySql::close);
  }
}
