package io.crossfade.server.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crossfade.api.plugin.PluginException;
import io.crossfade.server.config.ConfigException;
import io.crossfade.server.config.ExamplePlugin;
import io.crossfade.server.session.WatchedNames;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProxyApplicationTest {
  private static final String CONFIG =
      """
      mysql: {address: "127.0.0.1:3306"}
      admin: {listen: "127.0.0.1:0"}
      data-directory: data
      limits: {drain: 3s}
      tables:
        social.follower: {list-key: [user_id]}
      plugins:
        second: {workers: %d}
        first: {}
      """;

  @TempDir Path directory;
  private final List<String> journal = new CopyOnWriteArrayList<>();
  private final ExamplePlugin first = new ExamplePlugin("first", 1, journal);
  private final ExamplePlugin second = new ExamplePlugin("second", 2, journal);
  private final ExamplePlugin unused = new ExamplePlugin("unused", 3, journal);
  private final List<ProxyApplication> applications = new ArrayList<>();
  private Path file;
  private WatchedNames watched = new WatchedNames(Set.of());

  @BeforeEach
  void setUp() throws IOException {
    file = directory.resolve("crossfade.yaml");
    Files.writeString(file, CONFIG.formatted(1));
  }

  @AfterEach
  void tearDown() {
    applications.forEach(ProxyApplication::close);
  }

  @Test
  void startsConfiguredPluginsInOrderAndStopsEverythingInReverse() throws Exception {
    ProxyApplication application = application(null);
    assertThat(application.state()).isEqualTo(Lifecycle.NEW);

    application.start();
    assertThat(application.state()).isEqualTo(Lifecycle.STARTED);
    assertThat(journal).containsExactly("first started", "second started", "relay started");
    assertThat(directory.resolve("data/first")).isDirectory();

    journal.clear();
    application.close();
    application.close();
    application.awaitStopped();
    assertThat(application.state()).isEqualTo(Lifecycle.STOPPED);
    assertThat(journal)
        .containsExactly(
            "relay drained within 3 s", "relay closed", "second closed", "first closed");
    assertThatThrownBy(application::start).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void closesWhatWasStartedWhenAPluginCannotStart() {
    second.startFailure = "MySQL does not answer";
    ProxyApplication application = application(null);

    assertThatThrownBy(application::start)
        .isInstanceOf(StartException.class)
        .hasMessage("plugin second: MySQL does not answer");
    assertThat(application.state()).isEqualTo(Lifecycle.STOPPED);
    assertThat(journal).containsExactly("first started", "first closed");
  }

  @Test
  void closesThePluginsWhenTheRelayCannotListen() {
    ProxyApplication application = application("Address already in use");

    assertThatThrownBy(application::start)
        .isInstanceOf(StartException.class)
        .hasMessage("cannot listen on 127.0.0.1:3307 (listen): Address already in use");
    assertThat(journal)
        .containsExactly(
            "first started", "second started", "relay closed", "second closed", "first closed");
  }

  @Test
  void startsNothingWithAWrongConfiguration() throws Exception {
    Files.writeString(file, "nonsense: 1");

    assertThatThrownBy(() -> application(null).start()).isInstanceOf(ConfigException.class);
    assertThat(journal).isEmpty();
  }

  @Test
  void refusesADataDirectoryThatIsInUse() throws Exception {
    application(null).start();

    assertThatThrownBy(() -> application(null).start())
        .isInstanceOf(StartException.class)
        .hasMessageContaining("is in use by another proxy");
  }

  @Test
  void givesPluginsWhatTheyAreOwed() throws Exception {
    first.onStart =
        context -> {
          assertThat(context.mysql().getPort()).isEqualTo(3306);
          assertThat(context.tables()).hasSize(1);
          context.publish(String.class, "service");
          context.reachedThrough(Map.of("follower_view", Set.of()));
        };
    second.onStart =
        context -> {
          assertThat(context.find(String.class)).hasValue("service");
          assertThat(context.find(Integer.class)).isEmpty();
          context.publish(String.class, "made anew");
          assertThat(context.find(String.class)).hasValue("made anew");
        };

    application(null).start();

    assertThat(List.of(watched.names()).stream().map(n -> new String(n, StandardCharsets.UTF_8)))
        .containsExactlyInAnyOrder("follower", "follower_view");
  }

  @Test
  void showsAndCommandsTablesThroughTheAdminPort() throws Exception {
    first.onStart =
        context -> {
          context.status("mirror", table -> Map.of("dirtyKeys", 3));
          context.status(
              "broken",
              table -> {
                throw new IllegalStateException("a defect");
              });
          context.command("verify", (table, arguments) -> Map.of("of", table + "", "a", arguments));
          context.command(
              "drop",
              (table, arguments) -> {
                throw new PluginException("not verified yet");
              });
          context.readiness("hbase", () -> Optional.of("is away"));
        };
    ProxyApplication application = application(null);
    application.start();

    JsonNode status = json(get(application, "/status"));
    assertThat(status.at("/connections").asInt()).isEqualTo(42);
    assertThat(status.at("/state").asText()).isEqualTo("started");
    assertThat(status.at("/revision/number").asInt()).isEqualTo(1);
    JsonNode table = status.path("tables").path("social.follower");
    assertThat(table.at("/layout").asText()).isEqualTo("wide");
    assertThat(table.at("/mirror/dirtyKeys").asInt()).isEqualTo(3);
    assertThat(table.at("/broken/error").asText()).startsWith("not available");
    assertThat(get(application, "/readyz").statusCode()).isEqualTo(503);
    assertThat(get(application, "/metrics").body())
        .contains("crossfade_info{", "jvm_memory_used_bytes", "netty_allocator_memory_used");

    assertThat(json(post(application, "/tables/social.follower/verify?x=1")).at("/a/x").asInt())
        .isEqualTo(1);
    HttpResponse<String> refused = post(application, "/tables/social.follower/drop");
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body()).contains("not verified yet");
    assertThat(post(application, "/tables/social.folower/verify").body())
        .contains("did you mean 'social.follower'?");
    HttpResponse<String> unknown = post(application, "/tables/social.follower/verfy");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.body()).contains("did you mean 'verify'?");
  }

  @Test
  void followsTheFileWithinASecond() throws Exception {
    ProxyApplication application = application(null);
    application.start();

    Files.writeString(file, CONFIG.formatted(7));
    await()
        .pollInterval(Duration.ofMillis(10))
        .atMost(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(second.workers()).isEqualTo(7));

    Files.writeString(file, CONFIG.formatted(-1));
    HttpResponse<String> refused = post(application, "/reload");
    assertThat(refused.statusCode()).isIn(409, 422);
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () ->
                assertThat(json(get(application, "/status")).at("/revision/problems").toString())
                    .contains("plugins.second.workers: must not be negative"));
    assertThat(second.workers()).isEqualTo(7);
  }

  private ProxyApplication application(@Nullable String relayFailure) {
    ProxyApplication application =
        new ProxyApplication(
            file,
            List.of(second, unused, first),
            name -> null,
            (settings, plugins, names, meters) -> {
              watched = names;
              return new FakeRelay(journal, relayFailure);
            });
    applications.add(application);
    return application;
  }

  private static HttpResponse<String> get(ProxyApplication application, String path)
      throws Exception {
    return send(request(application, path).GET());
  }

  private static HttpResponse<String> post(ProxyApplication application, String path)
      throws Exception {
    return send(
        request(application, path)
            .header("X-Crossfade", "1")
            .POST(HttpRequest.BodyPublishers.noBody()));
  }

  private static HttpRequest.Builder request(ProxyApplication application, String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + application.admin().getPort() + path));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    return new ObjectMapper().readTree(response.body());
  }
}
