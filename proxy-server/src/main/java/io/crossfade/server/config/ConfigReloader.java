package io.crossfade.server.config;

import io.crossfade.server.config.ReloadResult.Outcome;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the configuration file: validate all, compare, apply to the plugins or refuse. When a
 * later plugin refuses, the earlier ones are given their old configuration again, so what is in
 * force is always one revision as a whole. One reload at a time. Thread-safe.
 */
public final class ConfigReloader {
  private static final Logger LOGGER = LoggerFactory.getLogger(ConfigReloader.class);

  private final ConfigLoader loader;
  private final Path file;
  private final MeterRegistry meters;
  private final Supplier<Optional<Runnable>> certificates;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile State state;

  private record State(
      LoadedConfig inForce,
      int revision,
      Instant since,
      List<String> lastProblems,
      @Nullable Instant lastRefused) {}

  /**
   * Starts at revision 1.
   *
   * @param initial what was read from {@code file}
   * @param certificates reads the files of certificates again and gives what applies them, or
   *     nothing when they did not change; throws IllegalStateException, for the operator, when they
   *     are of no use
   */
  public ConfigReloader(
      ConfigLoader loader,
      Path file,
      LoadedConfig initial,
      MeterRegistry meters,
      Supplier<Optional<Runnable>> certificates) {
    this.certificates = certificates;
    this.loader = loader;
    this.file = file;
    this.meters = meters;
    this.state = new State(initial, 1, Instant.now(), List.of(), null);
    meters.gauge("crossfade.config.revision", this, reloader -> reloader.state.revision());
    for (Outcome outcome : Outcome.values()) {
      count(outcome, 0);
    }
  }

  /**
   * Reads the file again.
   *
   * @param trigger who asked: file, signal, http
   */
  public ReloadResult reload(String trigger) {
    if (!lock.tryLock()) {
      count(Outcome.BUSY, 1);
      return new ReloadResult(
          Outcome.BUSY, state.revision(), List.of("another reload is under way"));
    }
    try {
      ReloadResult result = attempt();
      count(result.outcome(), 1);
      (result.outcome() == Outcome.REFUSED ? LOGGER.atWarn() : LOGGER.atInfo())
          .addKeyValue("trigger", trigger)
          .addKeyValue("outcome", result.outcome().name().toLowerCase(Locale.ROOT))
          .addKeyValue("revision", result.revision())
          .addKeyValue("messages", String.join("; ", result.messages()))
          .log("configuration reload");
      return result;
    } finally {
      lock.unlock();
    }
  }

  /** The configuration in force. */
  public LoadedConfig inForce() {
    return state.inForce();
  }

  /** Revision, since when, and what was wrong with the file last time, for the status. */
  public Map<String, Object> status() {
    State now = state;
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("number", now.revision());
    status.put("since", now.since().toString());
    status.put("problems", now.lastProblems());
    if (now.lastRefused() != null) {
      status.put("refusedAt", now.lastRefused().toString());
    }
    return status;
  }

  private ReloadResult attempt() {
    State old = state;
    LoadedConfig next;
    try {
      next = loader.load(file);
    } catch (ConfigException e) {
      return refuse(old, e.problems().stream().map(Problem::toString).toList());
    } catch (RuntimeException e) {
      LOGGER.atError().setCause(e).log("the configuration could not be checked");
      return refuse(old, List.of("could not be checked: " + e));
    }
    List<String> fixed = ConfigDiff.needRestart(old.inForce(), next);
    if (!fixed.isEmpty()) {
      return refuse(old, List.of("only a restart can change " + String.join(", ", fixed)));
    }
    List<BoundPlugin<?>> changed =
        next.plugins().stream().filter(p -> !old.inForce().plugins().contains(p)).toList();
    Optional<Runnable> renewed;
    try {
      renewed = certificates.get();
    } catch (IllegalStateException e) {
      LOGGER
          .atError()
          .addKeyValue("cause", String.valueOf(e.getMessage()))
          .log("a new certificate is of no use; the old one stays in force");
      return refuse(old, List.of("certificates: " + e.getMessage()));
    }
    if (changed.isEmpty() && renewed.isEmpty()) {
      state = new State(next, old.revision(), old.since(), List.of(), null);
      return new ReloadResult(Outcome.UNCHANGED, old.revision(), List.of());
    }
    List<String> refusal = apply(changed, old.inForce().plugins());
    if (!refusal.isEmpty()) {
      return refuse(old, refusal);
    }
    List<String> messages = new ArrayList<>();
    changed.forEach(p -> messages.add("plugins." + p.name() + " applied"));
    renewed.ifPresent(
        apply -> {
          apply.run();
          messages.add("certificates applied to new connections");
        });
    state = new State(next, old.revision() + 1, Instant.now(), List.of(), null);
    return new ReloadResult(Outcome.APPLIED, state.revision(), List.copyOf(messages));
  }

  /** Applies all or none. */
  private static List<String> apply(List<BoundPlugin<?>> changed, List<BoundPlugin<?>> before) {
    List<BoundPlugin<?>> touched = new ArrayList<>();
    for (BoundPlugin<?> plugin : changed) {
      try {
        List<String> fixed = plugin.reload();
        if (fixed.isEmpty()) {
          touched.add(plugin);
          continue;
        }
        revert(touched, before);
        return fixed.stream()
            .map(key -> "only a restart can change plugins." + plugin.name() + "." + key)
            .toList();
      } catch (RuntimeException e) {
        LOGGER.atError().addKeyValue("plugin", plugin.name()).setCause(e).log("reload failed");
        touched.add(plugin);
        revert(touched, before);
        return List.of("plugins." + plugin.name() + " failed to follow: " + e.getMessage());
      }
    }
    return List.of();
  }

  private static void revert(List<BoundPlugin<?>> touched, List<BoundPlugin<?>> before) {
    for (int i = touched.size() - 1; i >= 0; i--) {
      String name = touched.get(i).name();
      for (BoundPlugin<?> old : before) {
        if (old.name().equals(name)) {
          revert(old);
        }
      }
    }
  }

  private static void revert(BoundPlugin<?> old) {
    try {
      List<String> fixed = old.reload();
      if (!fixed.isEmpty()) {
        LOGGER
            .atError()
            .addKeyValue("plugin", old.name())
            .addKeyValue("settings", fixed)
            .log("the plugin did not take its old configuration back");
      }
    } catch (RuntimeException e) {
      LOGGER
          .atError()
          .addKeyValue("plugin", old.name())
          .setCause(e)
          .log("the plugin did not take its old configuration back");
    }
  }

  private ReloadResult refuse(State old, List<String> problems) {
    state = new State(old.inForce(), old.revision(), old.since(), problems, Instant.now());
    return new ReloadResult(Outcome.REFUSED, old.revision(), problems);
  }

  private void count(Outcome outcome, int by) {
    meters
        .counter("crossfade.config.reloads", "outcome", outcome.name().toLowerCase(Locale.ROOT))
        .increment(by);
  }
}
