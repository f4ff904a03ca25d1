package io.crossfade.readswitch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.api.mapping.TableMapping;
import io.crossfade.api.plugin.MirrorState;
import io.crossfade.api.plugin.PluginContext;
import io.crossfade.api.plugin.PluginException;
import io.crossfade.api.plugin.ReadShare;
import io.crossfade.api.sql.TableName;
import io.crossfade.readswitch.ReadSwitchConfig.Breaker;
import io.crossfade.readswitch.ReadSwitchConfig.Freshness;
import io.crossfade.readswitch.ReadSwitchConfig.TableReads;
import io.crossfade.readswitch.ReadSwitchConfig.Whitelist;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ReadSwitchFactoryTest {
  private final Context context = new Context();
  private final ReadSwitchFactory factory = new ReadSwitchFactory();

  @Test
  void withoutDualWriteItSaysWhatIsMissing() {
    assertThatThrownBy(() -> factory.start(context, config("1")))
        .isInstanceOf(PluginException.class)
        .hasMessageContaining("configure plugins.dualwrite");
  }

  @Test
  void publishesTheShareOfReadsAndItsStatusAndFollowsAReload() throws PluginException {
    context.publish(MirrorState.class, new Mirror());
    factory.start(context, config("0.0001"));
    ReadShare share = context.find(ReadShare.class).orElseThrow();
    assertThat(share.percentage(Follower.NAME)).isEqualTo(0.0001);
    assertThat(context.statuses).containsOnlyKeys("reads", "census");
    assertThat(factory.reload(config("10"))).isEmpty();
    assertThat(share.percentage(Follower.NAME)).isEqualTo(10.0);
    assertThat(Objects.requireNonNull(context.statuses.get("reads")).apply(Follower.NAME))
        .containsEntry("percentage", new BigDecimal("10"))
        .containsEntry("whitelist", Map.of("users", 1, "networks", 1, "lists", 1));
    factory.reload(ReadSwitchConfig.NOTHING);
    assertThat(share.percentage(Follower.NAME)).isZero();
    factory.close();
  }

  private static ReadSwitchConfig config(String percentage) {
    TableReads reads =
        new TableReads(
            new BigDecimal(percentage),
            new Whitelist(List.of("ann"), List.of("10.0.0.0/8"), List.of("1")),
            Freshness.STRICT,
            Duration.ofMillis(50),
            false);
    return new ReadSwitchConfig(Map.of(Follower.NAME, reads), Breaker.DEFAULT);
  }

  /** Keeps what a plugin gives it. */
  private static final class Context implements PluginContext {
    final Map<Class<?>, Object> services = new HashMap<>();
    final Map<String, Function<TableName, Map<String, Object>>> statuses = new HashMap<>();

    @Override
    public List<TableConfig> tables() {
      return List.of(Follower.mapping(Layout.WIDE).config());
    }

    @Override
    public Path dataDirectory() {
      return Path.of("target");
    }

    @Override
    public MeterRegistry meters() {
      return new SimpleMeterRegistry();
    }

    @Override
    public InetSocketAddress mysql() {
      return new InetSocketAddress("127.0.0.1", 3306);
    }

    @Override
    public void reachedThrough(Map<String, Set<TableName>> names) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <T> void publish(Class<T> type, T service) {
      services.put(type, service);
    }

    @Override
    public <T> Optional<T> find(Class<T> type) {
      return Optional.ofNullable(type.cast(services.get(type)));
    }

    @Override
    public void status(String section, Function<TableName, Map<String, Object>> status) {
      statuses.put(section, status);
    }

    @Override
    public void command(String name, AdminCommand command) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void readiness(String name, Supplier<Optional<String>> condition) {
      throw new UnsupportedOperationException();
    }
  }

  /** A mirror that knows nothing yet. */
  private static final class Mirror implements MirrorState {
    @Override
    public Optional<TableMapping> mapping(TableName table) {
      return Optional.empty();
    }

    @Override
    public Optional<String> unreadable(TableName table) {
      return Optional.of("starting");
    }

    @Override
    public Optional<Ticket> clean(TableName table, List<KeyRange> ranges) {
      return Optional.empty();
    }

    @Override
    public boolean stillClean(Ticket ticket) {
      return false;
    }

    @Override
    public long lagMillis(TableName table) {
      return 0;
    }
  }
}
