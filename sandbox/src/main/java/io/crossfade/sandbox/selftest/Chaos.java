package io.crossfade.sandbox.selftest;

import io.crossfade.sandbox.EmbeddedHBase;
import io.crossfade.sandbox.EmbeddedMySql;
import io.crossfade.sandbox.proxy.ProxyProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Injects one random fault at a time and waits until the processes are up again. */
final class Chaos {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int LONGEST_PAUSE_MILLIS = 5_000;

  private final ProxyProcess proxy;
  private final Servers servers;
  private final SplittableRandom random;
  private final List<Fault> possible;

  Chaos(ProxyProcess proxy, Servers servers, SplittableRandom random, boolean onlyKills) {
    this.proxy = proxy;
    this.servers = servers;
    this.random = random;
    boolean own = servers.ownMySql().isPresent() && servers.ownHBase().isPresent();
    this.possible =
        onlyKills
            ? List.of(Fault.PROXY_KILLED)
            : Arrays.stream(Fault.values()).filter(f -> own || f.proxy()).toList();
  }

  /** How long to leave everything alone before the next fault. */
  Duration quiet() {
    return Duration.ofMillis(500 + random.nextInt(5_000));
  }

  /** Injects a fault. */
  Fault inject() throws IOException, InterruptedException {
    Fault fault = possible.get(random.nextInt(possible.size()));
    switch (fault) {
      case PROXY_KILLED -> {
        proxy.kill9();
        proxy.restart();
      }
      case PROXY_PAUSED -> {
        proxy.pause();
        pause();
        proxy.resume();
      }
      case MYSQL_KILLED -> {
        servers.ownMySql().orElseThrow().kill9();
        servers.ownMySql().orElseThrow().restart();
      }
      case MYSQL_PAUSED -> {
        EmbeddedMySql mysql = servers.ownMySql().orElseThrow();
        mysql.pause();
        pause();
        mysql.resume();
      }
      case HBASE_KILLED -> {
        servers.ownHBase().orElseThrow().kill9();
        servers.ownHBase().orElseThrow().restart();
      }
      case HBASE_PAUSED -> {
        EmbeddedHBase hbase = servers.ownHBase().orElseThrow();
        hbase.pause();
        pause();
        hbase.resume();
      }
    }
    proxy.awaitReady(PATIENCE);
    return fault;
  }

  private void pause() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(200 + random.nextInt(LONGEST_PAUSE_MILLIS));
  }
}
