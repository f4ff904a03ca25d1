package io.crossfade.server.session;

import io.crossfade.api.plugin.InterceptorFactory;
import io.crossfade.api.sql.SqlAnalyzer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What all sessions share. Thread-safe. */
public final class SessionContext {
  private final RelaySettings settings;
  private final List<InterceptorFactory<?>> plugins;
  private final WatchedNames watched;
  private final SqlAnalyzer analyzer;
  private final RelayMetrics metrics;
  private final AtomicLong ids = new AtomicLong();
  private volatile Compiled compiled;

  private record Compiled(byte[][] source, NameSearch search) {}

  /** Plugins are started and in the order they are asked in. */
  public SessionContext(
      RelaySettings settings,
      List<InterceptorFactory<?>> plugins,
      WatchedNames watched,
      SqlAnalyzer analyzer,
      RelayMetrics metrics) {
    this.settings = settings;
    this.plugins = List.copyOf(plugins);
    this.watched = watched;
    this.analyzer = analyzer;
    this.metrics = metrics;
    byte[][] names = watched.names();
    compiled = new Compiled(names, new NameSearch(names));
  }

  RelaySettings settings() {
    return settings;
  }

  List<InterceptorFactory<?>> plugins() {
    return plugins;
  }

  SqlAnalyzer analyzer() {
    return analyzer;
  }

  RelayMetrics metrics() {
    return metrics;
  }

  long nextId() {
    return ids.incrementAndGet();
  }

  /** The search for what is watched now; the same object as long as the names stay the same. */
  NameSearch names() {
    byte[][] now = watched.names();
    Compiled current = compiled;
    if (current.source() != now) {
      current = new Compiled(now, new NameSearch(now));
      compiled = current;
    }
    return current.search();
  }
}
