package io.crossfade.server.frontend;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The proxy in a process of its own, with this test's class path. */
final class RealProxy implements AutoCloseable {
  final Process process;
  private final int adminPort;
  private final Path log;

  /** {@code shell} is run before the proxy in its process, e.g. {@code ulimit -n 100}. */
  RealProxy(Path config, int adminPort, Path log, String shell, String... options)
      throws IOException {
    this.adminPort = adminPort;
    this.log = log;
    List<String> command = new ArrayList<>();
    command.addAll(List.of("sh", "-c", shell + "; exec \"$@\"", "sh"));
    command.add(Path.of(property("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-cp"));
    command.add(System.getProperty("surefire.test.class.path", property("java.class.path")));
    command.addAll(
        List.of("io.crossfade.server.app.Crossfade", "run", "--config", config.toString()));
    command.addAll(Arrays.asList(options));
    process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  private static String property(String name) {
    return String.valueOf(System.getProperty(name));
  }

  /** The status of {@code /readyz}; 0 when nobody answers. */
  int readiness() throws IOException {
    if (!process.isAlive()) {
      throw new IOException("ended with " + process.exitValue() + ":\n" + log());
    }
    HttpURLConnection http =
        (HttpURLConnection)
            URI.create("http://127.0.0.1:" + adminPort + "/readyz").toURL().openConnection();
    http.setReadTimeout(5000);
    try {
      return http.getResponseCode();
    } catch (IOException e) {
      return 0;
    } finally {
      http.disconnect();
    }
  }

  /** What {@code /metrics} says. */
  String metrics() throws IOException {
    try (var in = URI.create("http://127.0.0.1:" + adminPort + "/metrics").toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
