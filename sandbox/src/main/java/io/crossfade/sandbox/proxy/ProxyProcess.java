package io.crossfade.sandbox.proxy;

import io.crossfade.sandbox.Signals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Crossfade's distribution, started as its own process. */
public final class ProxyProcess implements AutoCloseable {
  private static final int TAIL = 30;

  private final Path distribution;
  private final Path config;
  private final Path log;
  private final String options;
  private final AdminClient admin;
  private Process process;

  private ProxyProcess(Path distribution, Path config, Path log, int adminPort, String options)
      throws IOException {
    this.distribution = distribution;
    this.config = config;
    this.log = log;
    this.options = options;
    this.admin = new AdminClient(adminPort);
    this.process = launch();
  }

  /**
   * Starts {@code bin/crossfade run --config} of {@code distribution}; output goes to {@code log}.
   * Returns at once: see {@link #awaitReady}.
   */
  public static ProxyProcess start(Path distribution, Path config, Path log, int adminPort)
      throws IOException {
    return start(distribution, config, log, adminPort, "-Xmx512m");
  }

  /** The same with options for its JVM. */
  public static ProxyProcess start(
      Path distribution, Path config, Path log, int adminPort, String options) throws IOException {
    return new ProxyProcess(distribution, config, log, adminPort, options);
  }

  private Process launch() throws IOException {
    ProcessBuilder b =
        new ProcessBuilder(
            distribution.resolve("bin/crossfade").toString(),
            "run",
            "--config",
            config.toAbsolutePath().toString());
    b.environment().merge("CROSSFADE_OPTS", options, (a, x) -> a + " " + x);
    return b.redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  /** Waits until the proxy says it is ready; fails with the end of its log when it ends instead. */
  public void awaitReady(Duration limit) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!admin.ready()) {
      if (!process.isAlive()) {
        throw new IOException(
            "the proxy ended with status " + process.exitValue() + ":\n" + logTail());
      }
      if (System.nanoTime() > deadline) {
        throw new IOException("the proxy is not ready after " + limit + ":\n" + logTail());
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  /** The admin port. */
  public AdminClient admin() {
    return admin;
  }

  /** The process, e.g. to look at its exit status. */
  public Process process() {
    return process;
  }

  /** SIGKILL, and waits for the end. */
  public void kill9() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** SIGSTOP: connections stay open, nothing answers. */
  public void pause() {
    Signals.send("STOP", process.pid());
  }

  /** Ends a {@link #pause}. */
  public void resume() {
    Signals.send("CONT", process.pid());
  }

  /** Starts it again after its end, with the same configuration file. */
  public void restart() throws IOException {
    process = launch();
  }

  /** The last lines of its log. */
  public String logTail() throws IOException {
    List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
  }

  /** SIGTERM, then SIGKILL when it does not end within 40 seconds. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(40, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
