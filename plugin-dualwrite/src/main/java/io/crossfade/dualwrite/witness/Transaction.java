package io.crossfade.dualwrite.witness;

import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.dirty.SessionId;
import io.crossfade.dualwrite.witness.Tally.Kind;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One transaction of the binlog, as its changes are read: which of its session's announcements may
 * be its own. As long as one set covers all its changes it is announced. When none does, all of
 * them are marked, those read before too: a set that covers some may belong to an earlier
 * transaction, whose marks may be gone.
 */
final class Transaction {
  /** Changes remembered for the case that they must be marked after all; beyond: their tables. */
  private static final int REMEMBERED = 10_000;

  private final SessionId session;
  private final Kind kind;
  private final Consumer<Change> marker;
  private final Map<TableName, Tally> tallies = new HashMap<>();
  private final boolean own;
  private final Set<Change> remembered = new LinkedHashSet<>();
  private List<MarkSet> candidates;
  private boolean marking;
  private boolean conflict;

  /**
   * @param session who made it
   * @param kind what to count what was not announced as
   * @param candidates what the session has announced; empty when it is none of ours
   * @param marker gets the changes to mark, each at least once
   */
  Transaction(SessionId session, Kind kind, List<MarkSet> candidates, Consumer<Change> marker) {
    this.session = session;
    this.kind = kind;
    this.candidates = candidates;
    this.marker = marker;
    this.own = !candidates.isEmpty();
    this.marking = !own;
  }

  void change(Change change) {
    List<MarkSet> covering = candidates.stream().filter(set -> set.covers(change)).toList();
    Tally tally = tallies.computeIfAbsent(change.table(), t -> new Tally());
    if (covering.isEmpty() && change.unreadable() && touched(change.table())) {
      tally.add(Kind.UNPROVEN, 1);
      mark();
    } else if (covering.isEmpty()) {
      tally.add(kind, 1);
      conflict = true;
      mark();
    } else {
      candidates = covering;
      boolean proven = covering.stream().noneMatch(MarkSet::overflowed);
      tally.add(proven ? Kind.ANNOUNCED : Kind.UNPROVEN, 1);
      if (!proven) {
        mark();
      }
    }
    if (marking) {
      marker.accept(change);
    }
    if (own) {
      remember(change);
    }
  }

  private boolean touched(TableName table) {
    return candidates.stream().anyMatch(set -> set.touches(table));
  }

  private void mark() {
    if (!marking) {
      marking = true;
      remembered.forEach(marker);
    }
  }

  private void remember(Change change) {
    if (remembered.size() < REMEMBERED) {
      remembered.add(change);
    } else {
      remembered.add(Change.whole(change.table(), "large-transaction"));
    }
  }

  SessionId session() {
    return session;
  }

  /** The first set that covers all of it, if one does. */
  Optional<MarkSet> matched() {
    return tallies.isEmpty() || conflict || candidates.isEmpty()
        ? Optional.empty()
        : Optional.of(candidates.get(0));
  }

  /**
   * What it changed, if its session had announced anything: of a large transaction some changes are
   * whole tables.
   */
  Set<Change> changes() {
    return remembered;
  }

  /** What it changed, by table. */
  Map<TableName, Tally> tallies() {
    return tallies;
  }
}
