package io.crossfade.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.server.config.ReloadResult.Outcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReloaderTest {
  private static final String BASE =
      """
      mysql: {address: "db:3306"}
      data-directory: data
      tables:
        social.follower: {list-key: [user_id]}
      plugins:
        first: {workers: %d}
        second: {workers: %d, fixed: %s}
      """;

  @TempDir Path directory;
  private final List<String> journal = new CopyOnWriteArrayList<>();
  private final ExamplePlugin first = new ExamplePlugin("first", 1, journal);
  private final ExamplePlugin second = new ExamplePlugin("second", 2, journal);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private Supplier<Optional<Runnable>> certificates = Optional::empty;
  private Path file;
  private ConfigReloader reloader;

  @BeforeEach
  void setUp() throws Exception {
    file = directory.resolve("crossfade.yaml");
    write(BASE.formatted(1, 1, "a"));
    ConfigLoader loader = new ConfigLoader(List.of(first, second), name -> null);
    LoadedConfig initial = loader.load(file);
    for (BoundPlugin<?> plugin : initial.plugins()) {
      plugin.reload();
    }
    journal.clear();
    reloader = new ConfigReloader(loader, file, initial, meters, () -> certificates.get());
  }

  @Test
  void appliesToThePluginsThatChangedOnly() throws Exception {
    write(BASE.formatted(1, 7, "a"));

    ReloadResult result = reloader.reload("test");

    assertThat(result)
        .isEqualTo(new ReloadResult(Outcome.APPLIED, 2, List.of("plugins.second applied")));
    assertThat(journal).containsExactly("second reloaded");
    assertThat(second.workers()).isEqualTo(7);
    assertThat(meters.counter("crossfade.config.reloads", "outcome", "applied").count())
        .isEqualTo(1);
    assertThat(meters.get("crossfade.config.revision").gauge().value()).isEqualTo(2);
  }

  @Test
  void appliesNewCertificatesTogetherWithThePlugins() throws Exception {
    certificates = () -> Optional.of(() -> journal.add("certificates applied"));
    write(BASE.formatted(1, 7, "a"));

    assertThat(reloader.reload("test"))
        .isEqualTo(
            new ReloadResult(
                Outcome.APPLIED,
                2,
                List.of("plugins.second applied", "certificates applied to new connections")));
    assertThat(journal).containsExactly("second reloaded", "certificates applied");
  }

  @Test
  void refusesEverythingWhenACertificateIsOfNoUse() throws Exception {
    certificates =
        () -> {
          throw new IllegalStateException("no key");
        };
    write(BASE.formatted(1, 7, "a"));

    assertThat(reloader.reload("test"))
        .isEqualTo(new ReloadResult(Outcome.REFUSED, 1, List.of("certificates: no key")));
    assertThat(journal).isEmpty();
  }

  @Test
  void doesNothingWhenNothingChanged() throws Exception {
    write("# a comment\n" + BASE.formatted(1, 1, "a"));

    assertThat(reloader.reload("test"))
        .isEqualTo(new ReloadResult(Outcome.UNCHANGED, 1, List.of()));
    assertThat(journal).isEmpty();
  }

  @Test
  void givesTheFirstPluginItsOldConfigurationBackWhenTheSecondRefuses() throws Exception {
    write(BASE.formatted(5, 5, "b"));

    ReloadResult result = reloader.reload("test");

    assertThat(result)
        .isEqualTo(
            new ReloadResult(
                Outcome.REFUSED, 1, List.of("only a restart can change plugins.second.fixed")));
    assertThat(first.workers()).isEqualTo(1);
    assertThat(second.workers()).isEqualTo(1);
    assertThat(journal).containsExactly("first reloaded", "first reloaded");
  }

  @Test
  void givesAllPluginsTheirOldConfigurationBackWhenOneThrows() throws Exception {
    second.onReload =
        config -> {
          if (config.workers() == 5) {
            throw new IllegalStateException("no");
          }
        };
    write(BASE.formatted(5, 5, "a"));

    ReloadResult result = reloader.reload("test");

    assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(result.messages()).containsExactly("plugins.second failed to follow: no");
    assertThat(first.workers()).isEqualTo(1);
    assertThat(second.workers()).isEqualTo(1);
  }

  @Test
  void refusesChangesThatNeedARestartByName() throws Exception {
    write(
        """
        listen: 127.0.0.1:1
        mysql: {address: "other:3306"}
        data-directory: data
        limits: {drain: 1s}
        tables:
          social.follower: {list-key: [user_id], regions: 3}
          social.other: {list-key: [user_id]}
        plugins:
          first: {workers: 9}
        """);

    ReloadResult result = reloader.reload("test");

    assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(result.messages())
        .containsExactly(
            "only a restart can change listen, mysql.address, limits.drain,"
                + " tables.social.follower, tables.social.other, plugins.second (added or removed)");
    assertThat(journal).isEmpty();
  }

  @Test
  void keepsTheOldConfigurationAndSaysWhyWhenTheFileIsWrong() throws Exception {
    write(BASE.formatted(1, -1, "a"));

    ReloadResult result = reloader.reload("test");

    assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(reloader.status())
        .containsEntry("number", 1)
        .containsEntry(
            "problems", List.of(file + ":7: plugins.second.workers: must not be negative"));
    assertThat(journal).isEmpty();

    write(BASE.formatted(2, 1, "a"));
    assertThat(reloader.reload("test").outcome()).isEqualTo(Outcome.APPLIED);
    assertThat(reloader.status()).containsEntry("number", 2).containsEntry("problems", List.of());
  }

  @Test
  void refusesASecondReloadWhileOneIsUnderWay() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    first.onReload =
        config -> {
          inside.countDown();
          awaitQuietly(goOn);
        };
    write(BASE.formatted(2, 1, "a"));

    CompletableFuture<ReloadResult> slow =
        CompletableFuture.supplyAsync(() -> reloader.reload("test"));
    assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(reloader.reload("test").outcome()).isEqualTo(Outcome.BUSY);
    goOn.countDown();

    assertThat(slow.get(10, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.APPLIED);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(String yaml) throws IOException {
    Files.writeString(file, yaml);
  }
}
