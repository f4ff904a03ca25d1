package io.crossfade.dualwrite.witness;

import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.dirty.SessionId;
import io.crossfade.dualwrite.witness.Tally.Kind;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Judges each transaction of the binlog: counts it, marks what nobody announced, and tells who made
 * that. Confined to the thread that reads.
 */
final class Verdicts implements Flow.Listener {
  private final Map<TableName, TableWitness> tables;
  private final Announced announced;
  private final Former former;
  private final Marker marker;
  private final Accuser accuser;
  private final Prepared prepared = new Prepared();
  private volatile Cascades cascades = Cascades.NONE;

  /** Who is told of the author of changes that nobody announced; must not block. */
  interface Accuser {
    void bypassed(TableName table, SessionId session, long count, boolean own);
  }

  /**
   * The sessions that the proxy's last run left behind.
   *
   * @param sessions their ids; {@link SessionId#ANY} stands for all
   * @param end where the binlog ended when this run began
   */
  record Former(Set<SessionId> sessions, Position end) {
    boolean made(SessionId session, Position at) {
      return at.serverUuid().equals(end.serverUuid())
          && !at.reached(end)
          && (sessions.contains(session) || sessions.contains(SessionId.ANY));
    }
  }

  Verdicts(
      Map<TableName, TableWitness> tables,
      Announced announced,
      Former former,
      Marker marker,
      Accuser accuser) {
    this.tables = tables;
    this.announced = announced;
    this.former = former;
    this.marker = marker;
    this.accuser = accuser;
  }

  @Override
  public Transaction begin(SessionId session, Position at) {
    prepared.begin();
    if (session.connectionId() == 0) {
      announced.unread("no-session"); // rows without a beginning
    }
    Kind kind = former.made(session, at) ? Kind.INHERITED : Kind.BYPASSED;
    return new Transaction(session, kind, announced.of(session), this::mark);
  }

  private void mark(Change change) {
    marker.mark(change);
    prepared.add(change);
  }

  @Override
  public void end(Transaction transaction, String xid) {
    marker.flush();
    if (!xid.isEmpty()) {
      prepared.keep(xid);
    }
    SessionId session = transaction.session();
    announced.seen(session, transaction.changes());
    transaction.matched().ifPresent(marks -> announced.met(session, marks));
    transaction
        .tallies()
        .forEach(
            (table, tally) -> {
              of(table).add(tally);
              long bypassed = tally.of(Kind.BYPASSED);
              if (bypassed > 0) {
                accuser.bypassed(table, session, bypassed, announced.knows(session));
              }
            });
  }

  @Override
  public void decided(String xid, boolean committed) {
    Optional<Set<Change>> changes = prepared.take(xid);
    if (!committed) {
      return;
    }
    if (changes.isEmpty()) {
      everything("xa-unknown"); // prepared before this connection began, or too long ago
    } else {
      changes.get().forEach(marker::mark);
      marker.flush();
    }
  }

  @Override
  public void everything(String reason) {
    announced.unread("unreadable");
    everything(tables.keySet(), reason);
  }

  private void everything(Collection<TableName> all, String reason) {
    all.forEach(table -> marker.mark(Change.whole(table, reason)));
    marker.flush();
  }

  @Override
  public void defined(TableName table) {
    of(table).suspected();
  }

  @Override
  public void defining() {
    announced.defined();
  }

  @Override
  public boolean suspect(TableName table) {
    return of(table).suspect();
  }

  @Override
  public Cascades cascades() {
    return cascades;
  }

  /** The cascades have been looked up. */
  void cascades(Cascades now) {
    if (!now.equals(cascades)) {
      announced.unread("ddl"); // what went before may have reached more
      cascades = now;
    }
  }

  private TableWitness of(TableName table) {
    return Objects.requireNonNull(tables.get(table));
  }
}
