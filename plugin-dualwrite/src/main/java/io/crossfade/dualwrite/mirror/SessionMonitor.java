package io.crossfade.dualwrite.mirror;

import io.crossfade.dualwrite.dirty.DirtyStore;
import io.crossfade.dualwrite.dirty.SessionId;
import io.crossfade.dualwrite.dirty.Xid;
import io.crossfade.dualwrite.mysql.Look;
import io.crossfade.dualwrite.mysql.MySqlPool;
import io.crossfade.dualwrite.mysql.Primary;
import io.crossfade.dualwrite.mysql.ServerChecks;
import io.crossfade.dualwrite.mysql.ServerChecks.PreparedXa;
import java.io.IOException;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out, for sessions that were lost or belong to a dead incarnation, whether MySQL has ended
 * them, so that their marks may go. A session ends when its connection id is no longer in the
 * process list of its server; a server that restarted or was replaced has ended all its sessions.
 * One thread.
 */
public final class SessionMonitor {
  private static final Logger LOGGER = LoggerFactory.getLogger(SessionMonitor.class);
  private static final int RETRY_ROUNDS = 20;

  private final Server server;
  private final Primary primary;
  private final DirtyStore store;
  private final Set<SessionId> namesakes = new HashSet<>();
  private @Nullable Set<Long> atStart;
  private int rounds;
  private boolean failedBefore;

  /** Asks over connections of {@code pool}. */
  public SessionMonitor(MySqlPool pool, Primary primary, DirtyStore store) {
    this(new Pooled(pool), primary, store);
  }

  SessionMonitor(Server server, Primary primary, DirtyStore store) {
    this.server = server;
    this.primary = primary;
    this.store = store;
  }

  /** Who is connected and what is prepared, as the server says. */
  interface Server {
    /** Looks once, on one connection that leads to {@code primary}. */
    Seen look(Primary primary, boolean prepared)
        throws SQLException, IOException, InterruptedException;

    /** Connections that are, or once were, the proxy's own, whose sessions hold no marks. */
    Set<Long> own();

    /** Closes those of them that are idle; new ones have ids that nobody had. */
    void drop();
  }

  /**
   * One look.
   *
   * @param prepared empty when not asked for
   */
  record Seen(String serverUuid, Set<Long> connections, Set<PreparedXa> prepared) {}

  private record Pooled(MySqlPool pool) implements Server {
    @Override
    public Seen look(Primary primary, boolean prepared)
        throws SQLException, IOException, InterruptedException {
      return pool.with(
          connection -> {
            Look look = Look.at(connection);
            primary.check(look);
            return new Seen(
                look.serverUuid(),
                ServerChecks.connectionIds(connection),
                prepared ? ServerChecks.prepared(connection) : Set.of());
          });
    }

    @Override
    public Set<Long> own() {
      return pool.connectionIds();
    }

    @Override
    public void drop() {
      pool.drop();
    }
  }

  /** One round; called every second or so. Never throws. */
  public void round() {
    Set<SessionId> undecided = store.undecided();
    Set<Xid> prepared = store.prepared();
    if (undecided.isEmpty() && prepared.isEmpty()) {
      return;
    }
    stepAside(undecided);
    try {
      Seen seen = server.look(primary, !prepared.isEmpty());
      decide(undecided, seen.serverUuid(), seen.connections());
      if (!prepared.isEmpty()) {
        recover(prepared, seen.prepared());
      }
      failedBefore = false;
    } catch (SQLException | IOException e) {
      if (!failedBefore) {
        failedBefore = true;
        LOGGER
            .atWarn()
            .addKeyValue("cause", e.toString())
            .log("Cannot ask who is connected to MySQL");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (++rounds % RETRY_ROUNDS == 0) {
      store.retryUndecided();
    }
  }

  /**
   * A server that restarted counts its connections from the beginning: one of the pool's own may
   * have got the id of a session that ended with the restart, and would keep it alive for ever.
   */
  private void stepAside(Set<SessionId> undecided) {
    Set<Long> own = server.own();
    namesakes.retainAll(undecided);
    boolean met = false;
    for (SessionId session : undecided) {
      if (own.contains(session.connectionId())) {
        met |= namesakes.add(session);
      }
    }
    if (met || (!namesakes.isEmpty() && rounds % RETRY_ROUNDS == 0)) {
      server.drop();
    }
  }

  private void decide(Set<SessionId> undecided, String uuid, Set<Long> alive) {
    Set<Long> old = atStart;
    if (old == null) {
      old = new HashSet<>(alive);
      old.removeAll(server.own());
      atStart = old;
    }
    old.retainAll(alive);
    for (SessionId session : undecided) {
      if (session.equals(SessionId.ANY)) {
        if (old.isEmpty()) {
          store.ended(session);
        }
      } else if (!session.serverUuid().equals(uuid) || !alive.contains(session.connectionId())) {
        store.ended(session);
      }
    }
  }

  private void recover(Set<Xid> prepared, Set<PreparedXa> listed) {
    Set<Xid> still = new HashSet<>();
    for (PreparedXa xa : listed) {
      byte[] data = HexFormat.of().parseHex(xa.data().substring(2));
      byte[] gtrid = java.util.Arrays.copyOfRange(data, 0, xa.gtridLength());
      byte[] bqual = java.util.Arrays.copyOfRange(data, xa.gtridLength(), data.length);
      still.add(Xid.of(xa.formatId(), gtrid, bqual));
    }
    for (Xid xid : prepared) {
      if (xid.equals(Xid.ANY) ? listed.isEmpty() : !still.contains(xid)) {
        store.ended(xid);
      }
    }
  }
}
