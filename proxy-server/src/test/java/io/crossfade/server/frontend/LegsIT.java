package io.crossfade.server.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crossfade.api.sql.TableName;
import io.crossfade.sandbox.EmbeddedMySql;
import io.crossfade.sandbox.MySqlOptions;
import io.crossfade.sandbox.SharedServers;
import io.crossfade.server.protocol.AnswerShape;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that does not read, and a MySQL that is gone, on real sockets. */
class LegsIT {
  private static final int ROWS = 200;
  private static final int ROW_BYTES = 1 << 20;
  private static final List<TableName> WATCHED = List.of(new TableName("any", "watched"));

  /**
   * So much of 200 MB may be under way: the sockets' buffers of three processes and a few reads.
   */
  private static final long UNDER_WAY = 40L << 20;

  /** So much memory the proxy may take for it, the pool's own chunks included. */
  private static final long MEMORY = 24L << 20;

  private static String large(String name) {
    return "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < "
        + ROWS
        + ") SELECT i, REPEAT('x', "
        + ROW_BYTES
        + ") AS "
        + name
        + " FROM n";
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "watched"})
  void aClientThatDoesNotReadCostsNoMemory(String name) throws Exception {
    String schema = SharedServers.mysql().createSchema("slow");
    try (RelayFixture relay =
            new RelayFixture(SharedServers.mysql(), WATCHED, new ScriptedPlugin());
        RawClient client = new RawClient("127.0.0.1", relay.address.getPort(), schema, 0)) {
      long memory = memory();
      client.sendQuery(large(name));
      await("MySQL's bytes stop coming")
          .during(Duration.ofSeconds(2))
          .atMost(Duration.ofSeconds(20))
          .until(new Unchanged(relay));
      assertThat(relay.count("crossfade.relay.bytes", "from", "mysql"))
          .isBetween(1.0, (double) UNDER_WAY);
      assertThat(memory() - memory).isLessThan(MEMORY);
      assertThat(client.answer(AnswerShape.RESULTS)).hasSize(1 + 2 + 1 + ROWS + 1);
      assertThat(memory() - memory).isLessThan(MEMORY);
    }
  }

  private static long memory() {
    var metric = PooledByteBufAllocator.DEFAULT.metric();
    return metric.usedDirectMemory() + metric.usedHeapMemory();
  }

  /** Whether no bytes of MySQL came since it was asked last, but some before. */
  private static final class Unchanged implements java.util.concurrent.Callable<Boolean> {
    private final RelayFixture relay;
    private double last;

    Unchanged(RelayFixture relay) {
      this.relay = relay;
    }

    @Override
    public Boolean call() {
      double now = relay.count("crossfade.relay.bytes", "from", "mysql");
      boolean same = now == last && now > ROW_BYTES;
      last = now;
      return same;
    }
  }

  @Test
  void whenMySqlIsKilledItsClientsAreClosedPromptly() throws Exception {
    try (EmbeddedMySql mysql = EmbeddedMySql.start(MySqlOptions.temporary())) {
      String schema = mysql.createSchema("gone");
      try (RelayFixture relay = new RelayFixture(mysql, WATCHED, new ScriptedPlugin());
          RawClient inResult = new RawClient("127.0.0.1", relay.address.getPort(), schema, 0);
          RawClient waiting = new RawClient("127.0.0.1", relay.address.getPort(), schema, 0);
          RawClient idle = new RawClient("127.0.0.1", relay.address.getPort(), schema, 0)) {
        inResult.sendQuery(large("watched"));
        waiting.sendQuery("SELECT SLEEP(100)");
        await("MySQL is in the middle of a row, which its client does not take")
            .during(Duration.ofSeconds(1))
            .atMost(Duration.ofSeconds(20))
            .until(new Unchanged(relay));
        mysql.kill9();
        long killed = System.nanoTime();
        assertThat(idle.closed()).isTrue();
        List<String> lost = waiting.answer(AnswerShape.RESULTS);
        assertThat(lost).singleElement().asString().contains("ffdd07" + "233038533031");
        assertThat(waiting.closed()).isTrue();
        assertThatThrownBy(() -> inResult.answer(AnswerShape.RESULTS))
            .isInstanceOf(IOException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(5));
        await("the sessions are over")
            .atMost(Duration.ofSeconds(5))
            .until(() -> relay.server.connections() == 0);
      }
    }
  }
}
