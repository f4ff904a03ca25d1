package io.crossfade.readswitch;

import io.crossfade.api.sql.TableName;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The section {@code plugins.readswitch}. A missing value takes its default.
 *
 * @param tables the tables whose reads are switched; every other one is read from MySQL
 * @param circuitBreaker when to leave HBase alone
 */
public record ReadSwitchConfig(Map<TableName, TableReads> tables, Breaker circuitBreaker) {
  /** Everything is read from MySQL. */
  public static final ReadSwitchConfig NOTHING = new ReadSwitchConfig(Map.of(), Breaker.DEFAULT);

  public ReadSwitchConfig {
    tables = tables == null ? Map.of() : tables;
    circuitBreaker = circuitBreaker == null ? Breaker.DEFAULT : circuitBreaker;
  }

  /** How old what HBase answers may be. */
  public enum Freshness {
    /** Never older than what was committed through the proxy. */
    STRICT,
    /** A session sees its own changes. */
    SESSION,
    /** Not older than a bound. */
    BOUNDED
  }

  /**
   * The reads of one table.
   *
   * @param percentage of the sessions, 0 to 100 with at most 4 decimals; default 0
   * @param whitelist who reads from HBase whatever the percentage is
   * @param freshness default {@code strict}
   * @param timeLimit after which MySQL answers; default 50 ms
   * @param inTransaction whether reads inside a transaction may go to HBase; default no
   */
  public record TableReads(
      BigDecimal percentage,
      Whitelist whitelist,
      Freshness freshness,
      Duration timeLimit,
      Boolean inTransaction) {
    public TableReads {
      percentage = percentage == null ? BigDecimal.ZERO : percentage;
      whitelist = whitelist == null ? Whitelist.NOBODY : whitelist;
      freshness = freshness == null ? Freshness.STRICT : freshness;
      timeLimit = timeLimit == null ? Duration.ofMillis(50) : timeLimit;
      inTransaction = inTransaction != null && inTransaction;
    }
  }

  /**
   * Who reads from HBase whatever the percentage is.
   *
   * @param users user names
   * @param networks client networks such as {@code 10.0.0.0/8}
   * @param lists values of the list key
   */
  public record Whitelist(List<String> users, List<String> networks, List<String> lists) {
    /** The percentage alone decides. */
    public static final Whitelist NOBODY = new Whitelist(List.of(), List.of(), List.of());

    public Whitelist {
      users = users == null ? List.of() : users;
      networks = networks == null ? List.of() : networks;
      lists = lists == null ? List.of() : lists;
    }
  }

  /**
   * The circuit breaker.
   *
   * @param failures in a row that open it; default 20
   * @param openFor how long; default 5 s
   */
  public record Breaker(Integer failures, Duration openFor) {
    private static final int DEFAULT_FAILURES = 20;
    private static final Duration DEFAULT_OPEN = Duration.ofSeconds(5);

    /** The default. */
    public static final Breaker DEFAULT = new Breaker(DEFAULT_FAILURES, DEFAULT_OPEN);

    public Breaker {
      failures = failures == null ? DEFAULT_FAILURES : failures;
      openFor = openFor == null ? DEFAULT_OPEN : openFor;
    }
  }
}
