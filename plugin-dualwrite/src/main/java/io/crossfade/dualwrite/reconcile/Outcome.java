package io.crossfade.dualwrite.reconcile;

import io.crossfade.api.mapping.Key;
import io.crossfade.dualwrite.dirty.DirtyStore;
import io.crossfade.dualwrite.hbase.StaleVersionException;
import io.crossfade.dualwrite.hbase.WriteResult;
import io.crossfade.dualwrite.mirror.Failure;
import io.crossfade.dualwrite.mirror.Lane;
import io.crossfade.dualwrite.reconcile.Job.Count;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What becomes of the keys that a chunk of a job has written or could not deal with. One key must
 * not hold the job up: it becomes dirty by itself, and the mirror sets it aside. Thread-safe;
 * blocks.
 */
final class Outcome {
  private final Lane lane;
  private final DirtyStore store;
  private final Job job;

  Outcome(Lane lane, DirtyStore store, Job job) {
    this.lane = lane;
    this.store = store;
    this.job = job;
  }

  /**
   * Counts what was written, and leaves keys to the mirror that failed for reasons of their own.
   *
   * @throws IOException when another one failed: the chunk has to be done again
   */
  void of(WriteResult result) throws IOException {
    job.add(Count.WRITTEN, result.applied().size());
    Map<Key, Throwable> failed = new HashMap<>(result.failed());
    Map<Key, Throwable> own = new HashMap<>(failed);
    own.values().removeIf(cause -> Failure.of(cause).scope() != Failure.Scope.KEY);
    if (!own.isEmpty()) {
      leave(List.copyOf(own.keySet()), own.values().iterator().next());
      failed.keySet().removeAll(own.keySet());
    }
    if (!failed.isEmpty()) {
      Throwable cause = failed.values().iterator().next();
      throw result.unknown() == 0 && cause instanceof StaleVersionException stale
          ? stale
          : new IOException(failed.size() + " writes failed", cause);
    }
  }

  /** Makes {@code keys} dirty, durably; a verification knows that they are not judged. */
  void leave(List<Key> keys, Throwable cause) {
    lane.notice()
        .abnormal(
            "left-to-mirror",
            Failure.of(cause).reason(),
            keys.size(),
            "keys that a job cannot deal with are marked dirty: " + cause.getClass());
    store.mark(lane.table(), keys, List.of(), "left-by-job").toCompletableFuture().join();
    if (job.mode() == Mode.LOOK) {
      keys.forEach(job::suspect);
    }
  }
}
