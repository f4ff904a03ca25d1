package io.crossfade.dualwrite.mirror;

import io.crossfade.dualwrite.hbase.ContendedException;
import io.crossfade.dualwrite.hbase.StaleVersionException;
import io.crossfade.dualwrite.hbase.UnreadException;
import io.crossfade.dualwrite.hbase.UnwritableException;
import io.crossfade.dualwrite.mysql.ClockBehindException;
import io.crossfade.dualwrite.mysql.NotPrimaryException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.hbase.CallDroppedException;
import org.apache.hadoop.hbase.CallQueueTooBigException;
import org.apache.hadoop.hbase.DoNotRetryIOException;
import org.apache.hadoop.hbase.RegionTooBusyException;
import org.apache.hadoop.hbase.client.RowTooBigException;
import org.apache.hadoop.hbase.exceptions.RequestTooBigException;
import org.apache.hadoop.hbase.exceptions.TimeoutIOException;
import org.apache.hadoop.hbase.ipc.CallTimeoutException;
import org.apache.hadoop.hbase.quotas.RpcThrottlingException;
import org.jspecify.annotations.Nullable;

/**
 * What a failed re-read says.
 *
 * @param scope what has failed
 * @param reason why, a short stable token
 */
public record Failure(Scope scope, String reason) {
  /** What has failed. */
  public enum Scope {
    /** This key, for a reason of its own: any other may work. */
    KEY,
    /** Nothing: it was interrupted or came too late, and is simply done again. */
    NOTHING,
    /** A whole side: no key can work now. */
    SIDE,
    /** It cannot be told from the error. */
    UNSURE
  }

  private static final int DEPTH = 16;

  /** What {@code failure} says. */
  public static Failure of(Throwable failure) {
    @Nullable Throwable cause = failure;
    @Nullable Failure vague = null;
    for (int i = 0; cause != null && i < DEPTH; i++) {
      Failure told = told(cause);
      if (told != null) {
        return told;
      }
      if (vague == null) {
        vague = vague(cause);
      }
      cause = cause.getCause();
    }
    return vague != null ? vague : new Failure(Scope.UNSURE, "unexpected");
  }

  /** Whether HBase says that it has too much to do. */
  public boolean overload() {
    return reason.equals("overloaded") || reason.equals("deadline");
  }

  /** Whether it passes by itself. */
  boolean passes() {
    return reason.equals("contended");
  }

  /** Whether HBase may have refused other keys of the batch for the sake of this one. */
  boolean reachesNeighbours() {
    return reason.equals("hbase-refused");
  }

  private static @Nullable Failure told(Throwable cause) {
    if (cause instanceof InterruptedException
        || (cause instanceof InterruptedIOException
            && !(cause instanceof SocketTimeoutException))) {
      return new Failure(Scope.NOTHING, "interrupted");
    }
    if (cause instanceof StaleVersionException) {
      return new Failure(Scope.NOTHING, "stale");
    }
    if (cause instanceof UnwritableException e) {
      return new Failure(Scope.KEY, e.token());
    }
    if (cause instanceof UnreadException && cause.getCause() instanceof RuntimeException) {
      return new Failure(Scope.KEY, "unreadable");
    }
    if (cause instanceof ContendedException) {
      return new Failure(Scope.KEY, "contended");
    }
    if (cause instanceof ClockBehindException) {
      return new Failure(Scope.SIDE, "clock-behind");
    }
    if (cause instanceof NotPrimaryException e) {
      return new Failure(Scope.SIDE, e.token());
    }
    if (cause instanceof SQLException e) {
      String state = e.getSQLState() == null ? "" : e.getSQLState();
      boolean side = state.startsWith("08") || state.startsWith("42") || state.startsWith("28");
      return new Failure(side ? Scope.SIDE : Scope.UNSURE, "mysql");
    }
    if (cause instanceof RegionTooBusyException
        || cause instanceof CallQueueTooBigException
        || cause instanceof CallDroppedException
        || cause instanceof RpcThrottlingException) {
      return new Failure(Scope.UNSURE, "overloaded");
    }
    if (cause instanceof RowTooBigException || cause instanceof RequestTooBigException) {
      return new Failure(Scope.KEY, "row-too-large");
    }
    if (cause.getClass() == DoNotRetryIOException.class) {
      return new Failure(Scope.KEY, "hbase-refused");
    }
    if (cause instanceof DoNotRetryIOException) { // no such table, no permission, …
      return new Failure(Scope.SIDE, "hbase");
    }
    return null;
  }

  /** What is said if no deeper cause says more. */
  private static @Nullable Failure vague(Throwable cause) {
    if (cause instanceof CallTimeoutException
        || cause instanceof TimeoutIOException
        || cause instanceof TimeoutException
        || cause instanceof SocketTimeoutException) {
      return new Failure(Scope.UNSURE, "deadline");
    }
    return cause instanceof IOException && cause.getCause() == null
        ? new Failure(Scope.UNSURE, "hbase")
        : null;
  }
}
