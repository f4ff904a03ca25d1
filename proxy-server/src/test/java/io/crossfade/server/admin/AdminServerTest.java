package io.crossfade.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminServerTest {
  private final FakeBackend backend = new FakeBackend();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private AdminServer server;
  private InetSocketAddress address;

  @BeforeEach
  void setUp() throws Exception {
    server = new AdminServer(anyPort(), List.of("ops.example"), backend);
    address = server.start();
  }

  @AfterEach
  void tearDown() {
    server.close();
  }

  @Test
  void servesThePageWithoutForeignAssets() throws Exception {
    HttpResponse<String> page = get("/");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
        .contains("default-src 'none'", "frame-ancestors 'none'");
    assertThat(page.body())
        .contains("<title>Crossfade</title>", "fetch(\"/status\"")
        .doesNotContainPattern("(src|href)=\"?(https?:)?//")
        .doesNotContain("innerHTML");
  }

  @Test
  void servesMetricsLivenessReadinessAndStatus() throws Exception {
    backend.status = Map.of("tables", Map.of("a.b", Map.of("mirror", Map.of("dirtyKeys", 3))));

    assertThat(get("/metrics").body()).isEqualTo("crossfade_info 1.0\n");
    assertThat(get("/livez").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
    assertThat(json(get("/status")).at("/tables/a.b/mirror/dirtyKeys").asInt()).isEqualTo(3);

    backend.notReady = Map.of("hbase", "is away");
    HttpResponse<String> ready = get("/readyz?verbose");
    assertThat(ready.statusCode()).isEqualTo(503);
    assertThat(json(ready).at("/reasons/hbase").asText()).isEqualTo("is away");
  }

  @Test
  void answersHeadWithoutABody() throws Exception {
    HttpResponse<String> head =
        send(request("/livez").method("HEAD", HttpRequest.BodyPublishers.noBody()));

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValueAsLong("content-length")).hasValue(14);
    assertThat(head.body()).isEmpty();
  }

  @Test
  void passesCommandsWithTheirArguments() throws Exception {
    HttpResponse<String> answer = post("/tables/social.follower/back%66ill?from=1&to=%C3%A4");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(backend.lastCommand).isEqualTo("social.follower backfill {from=1, to=ä}");
  }

  @Test
  void refusesChangesOfForeignPages() throws Exception {
    HttpRequest.Builder plain = request("/reload").POST(HttpRequest.BodyPublishers.noBody());
    assertThat(send(plain).statusCode()).isEqualTo(403);
    assertThat(send(plain.copy().header("Origin", "http://evil.example")).statusCode())
        .isEqualTo(403);
    assertThat(
            send(plain.copy().header("Origin", "http://evil.example").header("X-Crossfade", "1"))
                .statusCode())
        .isEqualTo(403);
    assertThat(send(plain.copy().header("Origin", "null")).statusCode()).isEqualTo(403);

    String own = "http://127.0.0.1:" + address.getPort();
    assertThat(send(plain.copy().header("Origin", own)).statusCode()).isEqualTo(200);
    assertThat(send(plain.copy().header("X-Crossfade", "1")).statusCode()).isEqualTo(200);
  }

  @Test
  void refusesHostsThatCouldBeRebound() throws Exception {
    assertThat(raw("GET /status HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 403 ");
    assertThat(
            raw(
                "POST /reload HTTP/1.1\r\nHost: evil.example:9090\r\nX-Crossfade: 1\r\n"
                    + "Content-Length: 0\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 403 ");
    assertThat(raw("GET /status HTTP/1.1\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 403");
    for (String host : List.of("localhost:9090", "[::1]:9090", "10.1.2.3", "OPS.example:80")) {
      assertThat(raw("GET /status HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
          .startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void survivesWhateverItIsSent() throws Exception {
    assertThat(raw("\u0000\u0001 nonsense\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(raw("GET /" + "x".repeat(10_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ");
    assertThat(
            raw(
                "POST /reload HTTP/1.1\r\nHost: localhost\r\nX-Crossfade: 1\r\n"
                    + "Content-Length: 99999999\r\n\r\n"))
        .startsWith("HTTP/1.1 413 ");
    assertThat(
            raw(
                "POST /tables/a.b/x?n=%zz HTTP/1.1\r\nHost: localhost\r\nX-Crossfade: 1\r\n"
                    + "Content-Length: 0\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ");
    assertThat(post("/tables/a.b/x?n=1&n=2").statusCode()).isEqualTo(400);
    assertThat(post("/tables/a.b").statusCode()).isEqualTo(404);
    assertThat(get("/../etc/passwd").statusCode()).isEqualTo(404);
    assertThat(get("/reload").statusCode()).isEqualTo(405);
    assertThat(send(request("/status").header("X-Crossfade", "1").DELETE()).statusCode())
        .isEqualTo(405);
    HttpResponse<String> failed = post("/tables/a.b/fail");
    assertThat(failed.statusCode()).isEqualTo(500);
    assertThat(failed.body()).doesNotContain("defect");

    assertThat(get("/livez").statusCode()).isEqualTo(200);
  }

  @Test
  void answersPipelinedRequestsInTheirOrder() throws Exception {
    String answers =
        raw(
            "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"
                + "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"
                + "GET /none HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    assertThat(answers)
        .containsSubsequence("200 OK", "\"alive\":true", "200 OK", "crossfade_info", "404");
  }

  @Test
  void saysWhenItsPortIsTaken() {
    try (AdminServer second = new AdminServer(address, List.of(), backend)) {
      assertThatThrownBy(second::start)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot listen on")
          .hasMessageContaining("admin.listen");
    }
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + address.getPort() + path));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(request(path).GET());
  }

  private HttpResponse<String> post(String path) throws Exception {
    return send(request(path).header("X-Crossfade", "1").POST(HttpRequest.BodyPublishers.noBody()));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private String raw(String bytes) throws IOException {
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    return new ObjectMapper().readTree(response.body());
  }
}
