package io.crossfade.readswitch;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.api.mapping.TableConfig;
import io.crossfade.api.mapping.TableConfig.Layout;
import io.crossfade.api.plugin.ConfigProblem;
import io.crossfade.api.plugin.InterceptorFactory;
import io.crossfade.api.sql.TableName;
import io.crossfade.readswitch.ReadSwitchConfig.Breaker;
import io.crossfade.readswitch.ReadSwitchConfig.Freshness;
import io.crossfade.readswitch.ReadSwitchConfig.TableReads;
import io.crossfade.readswitch.ReadSwitchConfig.Whitelist;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

// What the file does not say, the configuration's binder gives as null.
@SuppressWarnings("NullAway")
class ConfigCheckTest {
  private static final List<TableConfig> WATCHED = List.of(Follower.mapping(Layout.WIDE).config());

  @Test
  void whatIsMissingTakesItsDefault() {
    ReadSwitchConfig config = new ReadSwitchConfig(null, null);
    assertThat(config.tables()).isEmpty();
    assertThat(config.circuitBreaker()).isEqualTo(new Breaker(20, Duration.ofSeconds(5)));
    assertThat(new TableReads(null, null, null, null, null))
        .isEqualTo(
            new TableReads(
                BigDecimal.ZERO, Whitelist.NOBODY, Freshness.STRICT, Duration.ofMillis(50), false));
    assertThat(ConfigCheck.check(config, WATCHED)).isEmpty();
  }

  @Test
  void aGoodConfigurationHasNoProblem() {
    TableReads reads =
        new TableReads(
            new BigDecimal("0.01"),
            new Whitelist(List.of("ann"), List.of("10.0.0.0/8"), List.of("42")),
            Freshness.STRICT,
            Duration.ofMillis(20),
            false);
    assertThat(check(Map.of(Follower.NAME, reads))).isEmpty();
  }

  @Test
  void allProblemsAreNamedAtOnce() {
    TableReads wrong =
        new TableReads(
            new BigDecimal("0.00001"),
            new Whitelist(List.of(), List.of("10.0.0.0/8", "10.0.0.1/8"), List.of()),
            Freshness.BOUNDED,
            Duration.ZERO,
            true);
    List<ConfigProblem> problems =
        new ReadSwitchFactory()
            .check(
                new ReadSwitchConfig(
                    Map.of(Follower.NAME, wrong), new Breaker(0, Duration.ofSeconds(-1))),
                WATCHED);
    assertThat(problems)
        .extracting(ConfigProblem::path)
        .containsExactlyInAnyOrder(
            "tables.social.follower.percentage",
            "tables.social.follower.freshness",
            "tables.social.follower.time-limit",
            "tables.social.follower.in-transaction",
            "tables.social.follower.whitelist.networks[1]",
            "circuit-breaker.failures",
            "circuit-breaker.open-for");
    assertThat(problems).anyMatch(p -> p.message().contains("'bounded' is not implemented"));
  }

  @Test
  void aMistypedTableIsAnsweredWithTheNearestOne() {
    assertThat(check(Map.of(new TableName("social", "folower"), reads("0"))))
        .extracting(ConfigProblem::toString)
        .containsExactly(
            "tables.social.folower: is not a watched table; did you mean 'social.follower'?");
    assertThat(check(Map.of(new TableName("x", "y"), reads("0"))))
        .extracting(ConfigProblem::message)
        .containsExactly("is not a watched table; watched are social.follower");
  }

  @Test
  void aPercentageIsBetweenZeroAndAHundredWithFourDecimals() {
    assertThat(check(Map.of(Follower.NAME, reads("100.0000")))).isEmpty();
    assertThat(check(Map.of(Follower.NAME, reads("0.00010")))).isEmpty();
    assertThat(check(Map.of(Follower.NAME, reads("100.0001")))).hasSize(1);
    assertThat(check(Map.of(Follower.NAME, reads("-1")))).hasSize(1);
  }

  @Test
  void theFactoryIsFoundAsAService() {
    assertThat(ServiceLoader.load(InterceptorFactory.class))
        .anyMatch(f -> f instanceof ReadSwitchFactory && f.name().equals("readswitch"));
  }

  private static TableReads reads(String percentage) {
    return new TableReads(new BigDecimal(percentage), null, null, null, null);
  }

  private static List<ConfigProblem> check(Map<TableName, TableReads> tables) {
    return ConfigCheck.check(new ReadSwitchConfig(tables, null), WATCHED);
  }
}
