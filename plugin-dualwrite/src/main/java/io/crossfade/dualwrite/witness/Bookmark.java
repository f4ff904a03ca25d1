package io.crossfade.dualwrite.witness;

import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.dirty.DirtyStore;
import io.crossfade.dualwrite.mirror.Lane;
import io.crossfade.dualwrite.mysql.MySqlPool;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Where the witness stands, durably, and where it goes on. Thread-safe; blocks. */
final class Bookmark {
  private static final String NAME = "witness/position";
  private static final Duration DURABLE_LIMIT = Duration.ofSeconds(30);

  private final DirtyStore store;
  private final MySqlPool pool;
  private final List<Lane> lanes;
  private final BiConsumer<TableName, String> whole;
  private final BiConsumer<String, String> abnormal;
  private volatile @Nullable Position kept;

  /**
   * @param whole told of each mark of a whole table, with its reason
   * @param abnormal told of what is out of the ordinary: what to count, and a message
   */
  Bookmark(
      DirtyStore store,
      MySqlPool pool,
      List<Lane> lanes,
      BiConsumer<TableName, String> whole,
      BiConsumer<String, String> abnormal) {
    this.store = store;
    this.pool = pool;
    this.lanes = lanes;
    this.whole = whole;
    this.abnormal = abnormal;
  }

  /** The very first run begins at {@code end}. */
  void begin(Position end) {
    if (store.get(NAME).isEmpty()) {
      keep(end);
    }
  }

  /** Keeps a position; everything before it must be durable. */
  synchronized void keep(Position position) {
    store.put(NAME, position.encode());
    kept = position;
  }

  /** What this run has kept last. */
  @Nullable Position kept() {
    return kept;
  }

  boolean isAt(Position position) {
    return position.equals(kept);
  }

  /**
   * Where to go on; where that is nowhere, everything is marked first.
   *
   * @param last how far this run has come; null when only what is durable counts
   */
  Position from(Server.State server, @Nullable Position last)
      throws SQLException, IOException, InterruptedException {
    Position known =
        last == null ? store.get(NAME).map(Position::decode).orElse(server.end()) : last;
    String gtids = server.end().gtids() == null ? null : known.gtids();
    if (known.serverUuid().equals(server.uuid())) {
      return new Position(server.uuid(), known.file(), known.offset(), gtids);
    }
    if (gtids != null && pool.with(connection -> Server.executed(connection, gtids))) {
      abnormal.accept("witness-failovers", "the witness goes on at server " + server.uuid());
      return new Position(server.uuid(), before(server.end().file()), 0, gtids);
    }
    return gap("failover", server);
  }

  /** A name before every file of that kind. */
  private static String before(String file) {
    return file.substring(0, file.lastIndexOf('.') + 1) + "0";
  }

  /** What was written since the position is not known: everything is read anew, from the end. */
  Position gap(String reason, Server.State server) throws IOException, InterruptedException {
    Marker marker = new Marker(store, whole);
    for (Lane lane : lanes) {
      marker.mark(Change.whole(lane.table(), reason));
      lane.notice()
          .incident(
              "witness-gap",
              "the binlog from the last position on is not there ("
                  + reason
                  + "): the whole table is dirty, the witness goes on at "
                  + server.end());
    }
    try {
      marker.durable().get(DURABLE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the marks are not durable", e);
    }
    keep(server.end());
    return server.end();
  }
}
