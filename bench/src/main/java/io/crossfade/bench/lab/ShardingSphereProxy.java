package io.crossfade.bench.lab;

import io.crossfade.sandbox.Closer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * ShardingSphere-Proxy 5.1.0, fetched from the user's Maven repository into a folder that is kept.
 * It cannot choose a listen address: it binds all interfaces while it runs.
 */
final class ShardingSphereProxy {
  private static final int FETCH_MINUTES = 15;
  private static final String POM =
      """
      <project xmlns="http://maven.apache.org/POM/4.0.0">
        <modelVersion>4.0.0</modelVersion>
        <groupId>bench</groupId><artifactId>shardingsphere-proxy</artifactId><version>1</version><packaging>pom</packaging>
        <dependencies>
          <dependency>
            <groupId>org.apache.shardingsphere</groupId><artifactId>shardingsphere-proxy-bootstrap</artifactId><version>5.1.0</version>
            <exclusions><exclusion><groupId>mysql</groupId><artifactId>mysql-connector-java</artifactId></exclusion></exclusions>
          </dependency>
          <dependency><groupId>com.mysql</groupId><artifactId>mysql-connector-j</artifactId><version>8.0.33</version></dependency>
        </dependencies>
      </project>
      """;
  private static final String SERVER =
      """
      mode:
        type: Memory
      rules:
        - !AUTHORITY
          users:
            - app@%:app
          provider:
            type: ALL_PRIVILEGES_PERMITTED
      props:
        proxy-backend-executor-suitable: OLTP
        sql-show: false
      """;
  private static final String SCHEMA =
      """
      schemaName: bench
      dataSources:
        ds_0:
          url: jdbc:mysql://127.0.0.1:%d/bench?serverTimezone=UTC&useSSL=false&allowPublicKeyRetrieval=true&characterEncoding=UTF-8
          username: app
          password: app
          connectionTimeoutMilliseconds: 30000
          idleTimeoutMilliseconds: 600000
          maxLifetimeMilliseconds: 1800000
          maxPoolSize: 128
          minPoolSize: 4
      rules: []
      """;
  private static final String LOGBACK =
      """
      <configuration>
        <appender name="console" class="ch.qos.logback.core.ConsoleAppender">
          <encoder><pattern>%d{HH:mm:ss.SSS} %-5level %logger{36} - %msg%n</pattern></encoder>
        </appender>
        <root level="warn"><appender-ref ref="console"/></root>
      </configuration>
      """;

  private ShardingSphereProxy() {}

  /** Starts it; MySQL must hold the tables already, because it reads the schema once. */
  static RunningTarget start(Path cache, Path directory, int mysqlPort, Closer closer)
      throws IOException, InterruptedException {
    Path jars = fetched(cache);
    Path conf = Files.createDirectories(directory.resolve("conf"));
    Files.writeString(conf.resolve("server.yaml"), SERVER);
    Files.writeString(conf.resolve("config-bench.yaml"), SCHEMA.formatted(mysqlPort));
    Files.writeString(conf.resolve("logback.xml"), LOGBACK);
    int port = Ports.free();
    SupervisedProcess process =
        closer.register(
            SupervisedProcess.start(
                "shardingsphere",
                directory,
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xms2g",
                    "-Xmx2g",
                    "-Xmn1g",
                    "-Xss1m",
                    "-XX:+DisableExplicitGC",
                    "-cp",
                    conf + ":" + directory + ":" + jars + "/*",
                    "org.apache.shardingsphere.proxy.Bootstrap",
                    Integer.toString(port),
                    "conf")));
    process.awaitPort(port, Duration.ofSeconds(120));
    return RunningTarget.plain(Kind.SHARDINGSPHERE, port, process.pid());
  }

  private static Path fetched(Path cache) throws IOException, InterruptedException {
    Path home = Files.createDirectories(cache.resolve("shardingsphere-proxy-5.1.0"));
    Path lib = home.resolve("lib");
    Path complete = home.resolve("complete");
    if (Files.exists(complete)) {
      return lib;
    }
    System.out.println(
        "Fetching ShardingSphere-Proxy 5.1.0 (once; --no-shardingsphere skips it) ...");
    Path pom = home.resolve("pom.xml");
    Files.writeString(pom, POM);
    Process maven =
        new ProcessBuilder(
                "mvn",
                "-q",
                "-B",
                "-f",
                pom.toString(),
                "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies",
                "-DincludeScope=runtime",
                "-DoutputDirectory=" + lib)
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("fetch.log").toFile())
            .start();
    try {
      if (!maven.waitFor(FETCH_MINUTES, TimeUnit.MINUTES) || maven.exitValue() != 0) {
        List<String> log =
            Files.readAllLines(home.resolve("fetch.log"), StandardCharsets.ISO_8859_1);
        throw new IOException(
            "Maven could not fetch it: "
                + String.join("\n", log.subList(0, Math.min(3, log.size()))));
      }
    } finally {
      maven.destroy();
    }
    Files.createFile(complete);
    return lib;
  }
}
