package io.crossfade.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.sandbox.proxy.AdminClient;
import io.crossfade.sandbox.proxy.ProxyConfig;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Drives the migration through the admin port, as an operator would, and shows its progress. */
final class Stages {
  private final AdminClient admin;
  private final ProxyConfig config;
  private final Terminal terminal;
  private final Duration patience;

  Stages(AdminClient admin, ProxyConfig config, Terminal terminal, Duration patience) {
    this.admin = admin;
    this.config = config;
    this.terminal = terminal;
    this.patience = patience;
  }

  /** Backfills {@code lists}, then everything. */
  void backfill(List<Long> lists) throws IOException, InterruptedException {
    String subset = lists.stream().map(String::valueOf).collect(Collectors.joining(","));
    admin.command(config.table(), "backfill?lists=" + subset);
    JsonNode part = await("subset");
    terminal.done("%,d rows of %d lists".formatted(part.path("done").asLong(), lists.size()));
    admin.command(config.table(), "backfill");
    JsonNode all = await("backfill");
    terminal.done("%,d rows copied".formatted(all.path("done").asLong()));
  }

  /** Compares every row of both sides; fails when one really differs. */
  JsonNode verify() throws IOException, InterruptedException {
    admin.command(config.table(), "verify");
    JsonNode v = await("verify");
    String figures =
        String.format(
            Locale.ROOT,
            "%,d rows compared, %,d differing",
            v.path("compared").asLong(),
            v.path("differing").asLong());
    if (v.path("differing").asLong() != 0) {
      throw new IOException("verification failed: " + figures);
    }
    terminal.done(figures);
    return v;
  }

  private JsonNode await(String what) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      JsonNode p = admin.table(config.table(), "mirror").path(what);
      String state = p.path("state").asText();
      if (state.equals("done")) {
        return p;
      }
      if (state.equals("failed") || state.equals("cancelled")) {
        throw new IOException(what + " " + state + ": " + p);
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(what + " is not done after " + patience + ": " + p);
      }
      long done = p.path("done").asLong(p.path("compared").asLong());
      long total = Math.max(done, p.path("total").asLong());
      terminal.progress(
          String.format(
              Locale.ROOT,
              "%s %,d of %,d rows, %,.0f/s, %s left",
              Terminal.bar(total == 0 ? 0 : done / (double) total),
              done,
              total,
              p.path("ratePerSecond").asDouble(),
              Terminal.time(Duration.ofSeconds(Math.max(0, p.path("etaSeconds").asLong())))));
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  /** Waits until the running proxy has taken up a share of reads. */
  void awaitPercentage(String percentage) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    BigDecimal wanted = new BigDecimal(percentage);
    while (true) {
      JsonNode p = admin.table(config.table(), "reads").path("percentage");
      if (!p.isMissingNode() && new BigDecimal(p.asText()).compareTo(wanted) == 0) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new IOException("the proxy did not take up " + percentage + " %: " + p);
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /** Reads served by each side so far. */
  String reads() throws IOException, InterruptedException {
    JsonNode r = admin.table(config.table(), "reads");
    return String.format(
        Locale.ROOT,
        "%,d reads from HBase, %,d from MySQL so far",
        r.path("hbase").asLong(),
        r.path("mysql").asLong());
  }

  /** Waits until nothing is dirty. */
  void awaitClean() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      JsonNode m = admin.table(config.table(), "mirror");
      long keys = m.path("dirtyKeys").asLong(-1);
      long ranges = m.path("dirtyRanges").asLong(-1);
      if (keys == 0 && ranges == 0) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new IOException("still dirty after " + patience + ": " + m);
      }
      terminal.progress("%,d keys and %,d ranges still dirty".formatted(keys, ranges));
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  /** Enters the cleanup stage once nobody asks MySQL for the table; returns where the report is. */
  String cleanup() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        return admin.command(config.table(), "cleanup").path("report").asText();
      } catch (IOException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        terminal.progress("not yet: " + e.getMessage());
        TimeUnit.SECONDS.sleep(1);
      }
    }
  }
}
