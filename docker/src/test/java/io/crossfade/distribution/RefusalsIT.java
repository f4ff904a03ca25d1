package io.crossfade.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.sandbox.Loopback;
import io.crossfade.sandbox.SharedServers;
import io.crossfade.sandbox.proxy.ProxyConfig;
import io.crossfade.sandbox.workload.FollowerTable;
import io.crossfade.sandbox.workload.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
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
    return start(file, command);
  }

  private Ended start(Path file, String... command) throws Exception {
    Path log = directory.resolve("out.log");
    List<String> words = new ArrayList<>();
    words.add(Distribution.directory().resolve("bin/crossfade").toString());
    words.addAll(List.of(command));
    words.add(file.toString());
    Process p =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile()).start();
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
        Duration.ofSeconds(10),
        "0",
        List.of());
  }

  private ProxyConfig goodConfig() throws Exception {
    String schema = SharedServers.uniqueSchema("refused");
    try (Connection c = SharedServers.mysql().connect("");
        Statement s = c.createStatement()) {
      s.execute("CREATE DATABASE " + schema);
    }
    return config(schema, SharedServers.mysql().port(), SharedServers.hbase().bootstrapServers());
  }

  @Test
  void reportsEveryProblemOfAMalformedConfigurationAtOnceWithSuggestions() throws Exception {
    String yaml =
        goodConfig()
            .yaml()
            .replace("layout: wide", "layuot: wide")
            .replace("percentage: 0", "percentage: 101")
            .replace("write-lifetime: 10s", "write-lifetime: soon");
    for (String[] command : new String[][] {{"check-config"}, {"run", "--config"}}) {
      Ended e = run(yaml, command);
      assertThat(e.status()).isNotZero();
      assertThat(e.output())
          .contains("crossfade.yaml:" + line(yaml, "layuot"), "layuot", "did you mean 'layout'")
          .contains("crossfade.yaml:" + line(yaml, "percentage"), "percentage", "101")
          .contains("crossfade.yaml:" + line(yaml, "write-lifetime"), "write-lifetime", "soon");
    }
  }

  @Test
  void saysWhereTheYamlIsBroken() throws Exception {
    String yaml = goodConfig().yaml().replace("regions: 4", "regions: [4");
    Ended e = run(yaml, "run", "--config");
    assertThat(e.status()).isNotZero();
    assertThat(e.output()).containsPattern("crossfade\\.yaml:\\d+").doesNotContain("\tat ");
  }

  @Test
  void saysThatTheConfigurationIsMissing() throws Exception {
    Path nothing = directory.resolve("nothing.yaml");
    Ended e = start(nothing, "run", "--config");
    assertThat(e.status()).isNotZero();
    assertThat(e.output()).contains(nothing.toString()).doesNotContain("\tat ");
  }

  @Test
  void acceptsAGoodConfiguration() throws Exception {
    assertThat(run(goodConfig().yaml(), "check-config").status()).isZero();
  }

  @Test
  void refusesAnUnknownTableByName() throws Exception {
    ProxyConfig good = goodConfig();
    assertRefused(good, good.table());
  }

  @Test
  void refusesATableWithoutAPrimaryKeyByName() throws Exception {
    ProxyConfig good = goodConfig();
    try (Connection c = SharedServers.mysql().connect(good.mysql().schema());
        Statement s = c.createStatement()) {
      s.execute("CREATE TABLE follower (user_id BIGINT NOT NULL, created_at DATETIME NOT NULL)");
    }
    assertRefused(good, good.table(), "primary key");
  }

  @Test
  void saysThatMySqlIsMissing() throws Exception {
    int nobody = Loopback.freePort();
    assertRefused(
        config("gone", nobody, SharedServers.hbase().bootstrapServers()),
        "MySQL",
        "127.0.0.1:" + nobody);
  }

  @Test
  void saysThatHBaseIsMissing() throws Exception {
    ProxyConfig good = goodConfig();
    try (Connection c = SharedServers.mysql().connect("")) {
      FollowerTable.create(c, good.mysql().schema());
    }
    String nobody = "127.0.0.1:" + Loopback.freePort();
    assertRefused(config(good.mysql().schema(), good.mysql().port(), nobody), "HBase", nobody);
  }

  private void assertRefused(ProxyConfig config, String... named) throws Exception {
    Ended e = run(config.yaml(), "run", "--config");
    assertThat(e.status()).as(e.output()).isNotZero();
    String start = "crossfade: cannot start: ";
    assertThat(e.output()).contains(start);
    assertThat(e.output().substring(e.output().indexOf(start)))
        .as("the last thing said")
        .contains(named)
        .doesNotContain("\tat ");
  }

  @Test
  void keepsTheOldConfigurationRunningWhenAReloadIsRefused() throws Exception {
    try (Migration m =
            new Migration(
                SharedServers.mysql(), SharedServers.hbase().bootstrapServers(), "wide", 100);
        Connection before = DriverManager.getConnection(m.url())) {
      int revision = revision(m).path("number").asInt();
      Files.writeString(
          m.configFile(), m.config().yaml().replace("percentage: 0", "percentage: 250"));
      Awaitility.await("the refusal is reported")
          .atMost(Duration.ofSeconds(10))
          .until(() -> revision(m).path("problems").toString().contains("percentage"));

      assertThat(revision(m).path("number").asInt()).isEqualTo(revision);
      assertThat(m.reads().path("percentage").asDouble()).isZero();
      assertThat(m.proxy().admin().ready()).isTrue();
      assertThat(rows(before)).isEqualTo(100);
      try (Connection after = DriverManager.getConnection(m.url())) {
        assertThat(rows(after)).isEqualTo(100);
      }

      m.reads("25");
      Awaitility.await("a good file is taken up again")
          .atMost(Duration.ofSeconds(10))
          .until(() -> m.reads().path("percentage").asDouble() == 25);
      assertThat(revision(m).path("problems")).isEmpty();
    }
  }

  private static JsonNode revision(Migration m) throws Exception {
    return m.proxy().admin().status().path("revision");
  }

  private static long rows(Connection c) throws SQLException {
    try (Statement s = c.createStatement();
        ResultSet r = s.executeQuery("SELECT COUNT(*) FROM follower")) {
      assertThat(r.next()).isTrue();
      return r.getLong(1);
    }
  }

  private static long line(String yaml, String word) {
    return yaml.substring(0, yaml.indexOf(word)).lines().count();
  }
}
