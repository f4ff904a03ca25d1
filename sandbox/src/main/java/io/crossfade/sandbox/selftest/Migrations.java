package io.crossfade.sandbox.selftest;

import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.sandbox.proxy.AdminClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** All watched tables' stages, through the admin port. */
final class Migrations {
  private final AdminClient admin;
  private final List<String> tables;
  private final Duration patience;

  /**
   * @param tables their names in the configuration
   * @param patience how long to wait for anything
   */
  Migrations(AdminClient admin, List<String> tables, Duration patience) {
    this.admin = admin;
    this.tables = tables;
    this.patience = patience;
  }

  /** Has every table do a job and waits for all. */
  void job(String job) throws IOException, InterruptedException {
    for (String table : tables) {
      admin.command(table, job);
    }
    await(
        job,
        status -> {
          for (String table : tables) {
            if (!mirror(status, table).path(job).path("state").asText().equals("done")) {
              return table + " " + mirror(status, table).path(job);
            }
          }
          return "";
        });
  }

  /** Waits until HBase answers the reads of all sessions. */
  void awaitReads() throws IOException, InterruptedException {
    await(
        "reads from HBase",
        status -> {
          for (String table : tables) {
            JsonNode p = status.path("tables").path(table).path("reads").path("percentage");
            if (p.asDouble() != 100) {
              return table + " " + p;
            }
          }
          return "";
        });
  }

  /** Waits until no key and no range of any table is dirty. */
  Duration awaitClean() throws IOException, InterruptedException {
    long from = System.nanoTime();
    await(
        "nothing dirty",
        status -> {
          for (String table : tables) {
            JsonNode m = mirror(status, table);
            if (m.path("dirtyKeys").asLong(-1) != 0 || m.path("dirtyRanges").asLong(-1) != 0) {
              return table + " " + m;
            }
          }
          return "";
        });
    return Duration.ofNanos(System.nanoTime() - from);
  }

  /** Reads that HBase answered. */
  long answeredByHBase() throws IOException, InterruptedException {
    JsonNode status = admin.status();
    return tables.stream()
        .mapToLong(t -> status.path("tables").path(t).path("reads").path("hbase").asLong())
        .sum();
  }

  /** How many statements' keys were obtained in each way, since the proxy last started. */
  Map<String, Long> captured() throws IOException, InterruptedException {
    JsonNode status = admin.status();
    Map<String, Long> captured = new TreeMap<>();
    for (String table : tables) {
      status
          .path("tables")
          .path(table)
          .path("capture")
          .properties()
          .forEach(
              way -> {
                if (way.getValue().isNumber()) {
                  captured.merge(way.getKey(), way.getValue().asLong(), Long::sum);
                }
              });
    }
    return captured;
  }

  private static JsonNode mirror(JsonNode status, String table) {
    return status.path("tables").path(table).path("mirror");
  }

  /** What is missing yet; empty when nothing is. */
  private interface Missing {
    String in(JsonNode status);
  }

  private void await(String what, Missing missing) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      String left;
      try {
        left = missing.in(admin.status());
      } catch (IOException e) {
        left = e.toString();
      }
      if (left.isEmpty()) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(what + ": not after " + patience.toSeconds() + " s: " + left);
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }
}
