package io.crossfade.sandbox.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The proxy's admin port. Thread-safe. */
public final class AdminClient {
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final ObjectMapper json = new ObjectMapper();
  private final URI base;

  public AdminClient(int port) {
    base = URI.create("http://127.0.0.1:" + port);
  }

  /** Where a browser finds the live page. */
  public URI page() {
    return base.resolve("/");
  }

  /** Whether the proxy says it is ready. */
  public boolean ready() throws InterruptedException {
    try {
      return send(HttpRequest.newBuilder(base.resolve("/readyz"))).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** The status of everything. */
  public JsonNode status() throws IOException, InterruptedException {
    return json.readTree(send(HttpRequest.newBuilder(base.resolve("/status"))).body());
  }

  /** The status of one table's {@code section}; a missing node when it has none. */
  public JsonNode table(String table, String section) throws IOException, InterruptedException {
    return status().path("tables").path(table).path(section);
  }

  /**
   * Gives a command for a table.
   *
   * @param command the command, with query parameters if it has any
   * @return the answer
   * @throws IOException when the proxy refuses it; the message is the proxy's
   */
  public JsonNode command(String table, String command) throws IOException, InterruptedException {
    HttpResponse<String> r =
        send(
            HttpRequest.newBuilder(base.resolve("/tables/" + table + "/" + command))
                .header("X-Crossfade", "1")
                .POST(HttpRequest.BodyPublishers.noBody()));
    if (r.statusCode() / 100 != 2) {
      throw new IOException(command + " refused (" + r.statusCode() + "): " + r.body());
    }
    return json.readTree(r.body());
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(
        request.timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofString());
  }
}
