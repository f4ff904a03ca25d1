package io.crossfade.server.config;

import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.plugin.ConfigProblem;
import io.crossfade.api.plugin.Interceptor;
import io.crossfade.api.plugin.InterceptorFactory;
import io.crossfade.api.plugin.PluginContext;
import io.crossfade.api.plugin.PluginException;
import io.crossfade.api.plugin.SessionView;
import io.crossfade.api.sql.TableName;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A plugin that records what it is told to do, for tests. */
public final class ExamplePlugin implements InterceptorFactory<ExamplePlugin.Config> {
  /** Settings of each kind that plugins use. */
  public record Config(
      @Nullable Account mysql,
      @Nullable Duration timeLimit,
      int workers,
      @Nullable Mode mode,
      @Nullable BigDecimal percentage,
      @Nullable Map<TableName, List<String>> lists,
      @Nullable String fixed) {}

  /** An account. */
  public record Account(String user, String password) {
    /** Refuses an empty user. */
    public Account {
      if (user == null || user.isEmpty()) {
        throw new IllegalArgumentException("user is required");
      }
    }
  }

  /** An enumeration of two words. */
  public enum Mode {
    STRICT,
    ALMOST_STRICT
  }

  private final String name;
  private final int order;
  private final List<String> journal;
  private @Nullable Config current;

  /** What is thrown or done during start and reload, if anything. */
  public Consumer<Config> onReload = config -> {};

  /** The same at the start. */
  public @Nullable String startFailure;

  /** Run with the context at the start. */
  public Consumer<PluginContext> onStart = context -> {};

  /** Writes to {@code journal} what happens. */
  public ExamplePlugin(String name, int order, List<String> journal) {
    this.name = name;
    this.order = order;
    this.journal = journal;
  }

  /** What the configuration in force says of the workers; -1 when there is none. */
  public int workers() {
    return current == null ? -1 : current.workers();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int order() {
    return order;
  }

  @Override
  public Class<Config> configType() {
    return Config.class;
  }

  @Override
  public List<ConfigProblem> check(Config config, List<TableConfig> tables) {
    List<ConfigProblem> problems = new ArrayList<>();
    if (config.lists() != null) {
      for (TableName table : config.lists().keySet()) {
        if (tables.stream().noneMatch(t -> t.name().equals(table))) {
          problems.add(new ConfigProblem("lists." + table, "is not a watched table"));
        }
      }
    }
    if (config.workers() < 0) {
      problems.add(new ConfigProblem("workers", "must not be negative"));
    }
    return problems;
  }

  @Override
  public void start(PluginContext context, Config config) throws PluginException {
    if (startFailure != null) {
      throw new PluginException(startFailure);
    }
    current = config;
    onStart.accept(context);
    journal.add(name + " started");
  }

  @Override
  public List<String> reload(Config config) {
    if (current != null && !java.util.Objects.equals(current.fixed(), config.fixed())) {
      return List.of("fixed");
    }
    onReload.accept(config);
    current = config;
    journal.add(name + " reloaded");
    return List.of();
  }

  @Override
  public Interceptor open(SessionView session) {
    throw new UnsupportedOperationException("no session in this test");
  }

  @Override
  public void close() {
    journal.add(name + " closed");
  }
}
