package io.crossfade.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.sandbox.Loopback;
import io.crossfade.sandbox.SharedServers;
import io.crossfade.sandbox.proxy.ProxyConfig;
import io.crossfade.sandbox.workload.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot work is refused with a clear message and a non-zero status, or a refused reload. */
class RefusalsIT {
  @TempDir Path directory;

  private record Ended(int status, String output) {}

  private Ended run(String yaml, String... command) throws Exception {
    Path file = directory.resolve("crossfade.yaml");
    Files.writeString(file, yaml);
    Path log = directory.resolve("out.log");
    List<String> words = new java.util.ArrayList<>();
    words.add(Distribution.directory().resolve("bin/crossfade").toString());
    words.addAll(List.of(command));
    words.add(file.toString());
    Process p =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(p.waitFor(90, TimeUnit.SECONDS)).as("it ends by itself").isTrue();
      return new Ended(p.exitValue(), Files.readString(log));
    } finally {
      p.destroyForcibly();
    }
  }

  private ProxyConfig config(String schema, int mysqlPort, String hbase) throws Exception {
    return new ProxyConfig(
        Loopback.freePort(),
        Loopback.freePort(),
        new Workload.Target("127.0.0.1", mysqlPort, schema),
        hbase,
        schema,
        "wide",
        directory.resolve("data"),
        Duration.ofSeconds(8),
        "0",
        List.of());
  }

  private ProxyConfig goodConfig() throws Exception {
    String schema = SharedServers.uniqueSchema("refused");
    try (Connection c = SharedServers.mysql().connect("");
        Statement s = c.createStatement()) {
      s.execute("CREATE DATABASE " + schema);
    }
    return config(
        schema, SharedServers.mysql().port(), SharedServers.hbase().bootstrapServers());
  }

  @Test
  void reportsEveryProblemOfAMalformedConfigurationAtOnceWithSuggestions() throws Exception {
    String yaml =
        goodConfig()
            .yaml()
            .replace("layout: wide", "layuot: wide")
            .replace("percentage: 0", "percentage: 101")
            .replace("write-lifetime: 8s", "write-lifetime: soon");
    Ended e = run(yaml, "check-config");
    assertThat(e.status()).isNotZero();
    assertThat(e.output()).contains("layuot", "layout", "percentage", "write-lifetime");
    Ended started = run(yaml, "run", "--config");
    assertThat(started.status()).isNotZero();
    assertThat(started.output()).contains("layuot");
  }

  @Test
  void acceptsAGoodConfiguration() throws Exception {
    assertThat(run(goodConfig().yaml(), "check-config").status()).isZero();
  }

  @Test
  void refusesAnUnknownTableByName() throws Exception {
    ProxyConfig good = goodConfig();
    Ended e = run(good.yaml(), "run", "--config");
    assertThat(e.status()).isNotZero();
    assertThat(e.output()).contains(good.table());
  }

  @Test
  void refusesATableWithoutAPrimaryKeyByName() throws Exception {
    ProxyConfig good = goodConfig();
    try (Connection c = SharedServers.mysql().connect(good.mysql().schema());
        Statement s = c.createStatement()) {
      s.execute("CREATE TABLE follower (user_id BIGINT NOT NULL, created_at DATETIME NOT NULL)");
    }
    Ended e = run(good.yaml(), "run", "--config");
    assertThat(e.status()).isNotZero();
    assertThat(e.output()).contains(good.table(), "primary key");
  }

  @Test
  void saysThatMySqlIsMissing() throws Exception {
    int nobody = Loopback.freePort();
    Ended e =
        run(
            config("gone", nobody, SharedServers.hbase().bootstrapServers()).yaml(),
            "run",
            "--config");
    assertThat(e.status()).isNotZero();
    assertThat(e.output()).contains("MySQL", String.valueOf(nobody));
  }

  @Test
  void saysThatHBaseIsMissing() throws Exception {
    ProxyConfig good = goodConfig();
    try (Connection c = SharedServers.mysql().connect("")) {
      io.crossfade.sandbox.workload.FollowerTable.create(c, good.mysql().schema());
    }
    int nobody = Loopback.freePort();
    Ended e =
        run(
            config(good.mysql().schema(), good.mysql().port(), "127.0.0.1:" + nobody).yaml(),
            "run",
            "--config");
    assertThat(e.status()).isNotZero();
    assertThat(e.output()).contains("HBase", String.valueOf(nobody));
  }

  @Test
  void keepsTheOldConfigurationRunningWhenAReloadIsRefused() throws Exception {
    try (Migration m =
        new Migration(
            SharedServers.mysql(), SharedServers.hbase().bootstrapServers(), "wide", 100)) {
      Files.writeString(
          m.configFile(), m.config().yaml().replace("percentage: 0", "percentage: 250"));
      Awaitility.await("the refusal is reported")
          .atMost(Duration.ofSeconds(10))
          .until(() -> m.proxy().admin().status().toString().contains("percentage"));
      JsonNode reads = m.reads();
      assertThat(reads.path("percentage").asDouble()).isZero();
      assertThat(m.proxy().admin().ready()).isTrue();
    }
  }
}
