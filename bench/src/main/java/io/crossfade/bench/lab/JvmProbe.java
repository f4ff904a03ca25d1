package io.crossfade.bench.lab;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Looks into a Crossfade process: through its admin port's meters, after a forced collection. */
public final class JvmProbe {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(LIMIT).build();
  private final long pid;
  private final URI metrics;

  JvmProbe(long pid, int adminPort) {
    this.pid = pid;
    this.metrics = URI.create("http://127.0.0.1:" + adminPort + "/metrics");
  }

  /**
   * Collects garbage and reads the meters.
   *
   * @throws IOException when jcmd (part of a JDK) is missing or the admin port does not answer
   */
  public JvmMemory collectAndRead() throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    if (!Files.isExecutable(jcmd)) {
      throw new IOException("no " + jcmd + ": memory of JVMs is not measured");
    }
    Process collection =
        new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.run")
            .redirectErrorStream(true)
            .start();
    String output = new String(collection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!collection.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) || collection.exitValue() != 0) {
      collection.destroyForcibly();
      throw new IOException("jcmd GC.run failed: " + output);
    }
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(metrics).timeout(LIMIT).build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException("/metrics answered " + response.statusCode());
    }
    return JvmMemory.parse(response.body());
  }
}
