package io.crossfade.dualwrite.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.dualwrite.hbase.StaleVersions;
import io.crossfade.dualwrite.mirror.Failure.Scope;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.hbase.CallQueueTooBigException;
import org.apache.hadoop.hbase.DoNotRetryIOException;
import org.apache.hadoop.hbase.RegionTooBusyException;
import org.apache.hadoop.hbase.TableNotEnabledException;
import org.apache.hadoop.hbase.client.RetriesExhaustedException;
import org.apache.hadoop.hbase.client.RetriesExhaustedException.ThrowableWithExtraContext;
import org.apache.hadoop.hbase.client.RowTooBigException;
import org.apache.hadoop.hbase.exceptions.TimeoutIOException;
import org.apache.hadoop.hbase.ipc.CallTimeoutException;
import org.junit.jupiter.api.Test;

class FailureTest {
  /** As the client fails one action of a batch. */
  private static IOException exhausted(Throwable last) {
    return new RetriesExhaustedException(
        3,
        List.of(
            new ThrowableWithExtraContext(new IOException("first"), 1, ""),
            new ThrowableWithExtraContext(last, 2, "")));
  }

  @Test
  void aRowThatHBaseCannotTakeIsItsKeysOwnFailure() {
    assertThat(Failure.of(StaleVersions.unwritable()))
        .isEqualTo(new Failure(Scope.KEY, "cell-too-large"));
    assertThat(Failure.of(exhausted(new DoNotRetryIOException("Cell with size 99"))))
        .isEqualTo(new Failure(Scope.KEY, "hbase-refused"));
    assertThat(Failure.of(StaleVersions.unread(new RowTooBigException("row"))))
        .isEqualTo(new Failure(Scope.KEY, "row-too-large"));
    assertThat(Failure.of(StaleVersions.unread(new IllegalArgumentException("cut short"))))
        .isEqualTo(new Failure(Scope.KEY, "unreadable"));
  }

  @Test
  void aTableThatIsDisabledOrAServerThatIsGoneIsTheWholeSidesFailure() {
    assertThat(Failure.of(exhausted(new TableNotEnabledException("t"))).scope())
        .isEqualTo(Scope.SIDE);
    assertThat(Failure.of(new SQLException("gone", "08S01")).scope()).isEqualTo(Scope.SIDE);
    assertThat(Failure.of(new SQLException("no such table", "42S02")).scope())
        .isEqualTo(Scope.SIDE);
  }

  @Test
  void aDeadlineAndABusyRegionAreAnOverloadOfWhomeverItMayBe() {
    for (Throwable cause :
        List.of(
            exhausted(new CallTimeoutException("late")),
            exhausted(new TimeoutIOException("waiting for region location")),
            new IOException("HBase did not answer", new TimeoutException()),
            new SocketTimeoutException("late"))) {
      assertThat(Failure.of(cause)).isEqualTo(new Failure(Scope.UNSURE, "deadline"));
      assertThat(Failure.of(cause).overload()).isTrue();
    }
    for (Throwable cause :
        List.of(new RegionTooBusyException("r"), exhausted(new CallQueueTooBigException("q")))) {
      assertThat(Failure.of(cause)).isEqualTo(new Failure(Scope.UNSURE, "overloaded"));
      assertThat(Failure.of(cause).overload()).isTrue();
    }
    assertThat(Failure.of(exhausted(new ConnectException("refused"))))
        .isEqualTo(new Failure(Scope.UNSURE, "hbase"));
  }

  @Test
  void anInterruptionAndAVersionGrownOldAreNobodysFailure() {
    assertThat(Failure.of(new InterruptedIOException()).scope()).isEqualTo(Scope.NOTHING);
    assertThat(Failure.of(StaleVersions.one()).scope()).isEqualTo(Scope.NOTHING);
  }
}
