package io.crossfade.dualwrite.capture;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The meters of capture; thread-safe. Each abnormal path is logged the first time it is taken. */
public final class CaptureMetrics {
  private static final Logger LOGGER = LoggerFactory.getLogger(CaptureMetrics.class);

  private final MeterRegistry registry;
  private final Map<String, Counter> marks = new ConcurrentHashMap<>();
  private final Map<String, Counter> abnormal = new ConcurrentHashMap<>();
  private final Set<String> logged = ConcurrentHashMap.newKeySet();
  private final Timer waits;
  private final Timer questionTime;

  /** Registers the meters with {@code registry}. */
  public CaptureMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.waits =
        Timer.builder("crossfade.capture.wait")
            .description("Time a command waited for its marks to become durable")
            .register(registry);
    this.questionTime =
        Timer.builder("crossfade.capture.question")
            .description("Time a statement waited until MySQL had named its keys")
            .register(registry);
  }

  /**
   * Counts marks.
   *
   * @param kind {@code key}, {@code prefix} or {@code table}
   * @param reason why not by key, {@code exact} when by key
   */
  void marked(String kind, String reason, int count) {
    marks
        .computeIfAbsent(
            kind + "/" + reason,
            k ->
                Counter.builder("crossfade.capture.marks")
                    .description("Keys and ranges marked by statements")
                    .tag("kind", kind)
                    .tag("reason", reason)
                    .register(registry))
        .increment(count);
  }

  /** MySQL's OK named the keys of a range: so many were marked in its place. */
  void known(int keys) {
    marked("key", "known", keys);
  }

  /**
   * The binlog named the keys of a statement that had marked ranges, or did not.
   *
   * @param outcome {@code keys}, or why not
   */
  void witnessed(String outcome) {
    registry.counter("crossfade.capture.witnessed", "outcome", outcome).increment();
  }

  /** A question was answered, or not. */
  void asked(Asker.Result result, long nanos) {
    registry
        .counter(
            "crossfade.capture.questions",
            "answer",
            result.mark() != null ? "keys" : result.why().token())
        .increment();
    questionTime.record(Duration.ofNanos(nanos));
    if (result.mark() == null && logged.add("question/" + result.why().token())) {
      LOGGER
          .atWarn()
          .addKeyValue("why", result.why().token())
          .log("First time that a question for keys was in vain; a range is marked");
    }
  }

  /** MySQL refused a question. */
  void questionFailed(int error) {
    registry
        .counter("crossfade.capture.question.errors", "error", Integer.toString(error))
        .increment();
  }

  /** One command waited for durability. */
  void waited(long nanos) {
    waits.record(Duration.ofNanos(nanos));
  }

  /** Counts an abnormal path and logs it the first time. */
  public void abnormal(String what) {
    abnormal
        .computeIfAbsent(
            what,
            k ->
                Counter.builder("crossfade.capture.abnormal")
                    .description("Commands that took a path other than the plain one")
                    .tag("path", what)
                    .register(registry))
        .increment();
    if (logged.add(what)) {
      LOGGER.atWarn().addKeyValue("path", what).log("First time on this path of capture");
    }
  }
}
