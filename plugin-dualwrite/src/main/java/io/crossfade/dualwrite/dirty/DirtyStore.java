package io.crossfade.dualwrite.dirty;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.plugin.MirrorState;
import io.crossfade.api.sql.TableName;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * The dirty keys and ranges of the watched tables. Thread-safe; nothing here blocks but {@link
 * #put}, {@link #remove} and {@link #close}. Stages complete on a thread of the store: hop away.
 *
 * <p>An entry (key or range) is dirty from its first mark until {@link #done} removes it. It has a
 * <em>generation</em>, raised by every mark, and <em>holders</em>: the sessions whose transaction
 * may still change it. It is handed out by {@link #pick} when it is <em>eligible</em>: after a mark
 * without holder, and after {@link #touched}, {@link #release}, {@link #lost}, {@link #ended}.
 */
public interface DirtyStore extends AutoCloseable {
  // --- marking ---

  /**
   * A holder for a session just opened. Costs nothing; the session is registered durably with its
   * first mark. Proves that an undecided session of the same id has ended.
   */
  Holder open(SessionId id);

  /**
   * Marks entries on behalf of a session.
   *
   * @return completes when they are durable (or covered by the debt flag); fails with {@link
   *     DebtException} when they can be recorded nowhere and the setting says refuse. In memory
   *     they are dirty when this method returns.
   */
  CompletionStage<Void> mark(Holder h, TableName t, List<Key> keys, List<KeyRange> ranges);

  /**
   * Marks entries nobody holds: repair, failover, a witness, backfill.
   *
   * @param reason a short stable token for the counter
   */
  CompletionStage<Void> mark(TableName t, List<Key> keys, List<KeyRange> ranges, String reason);

  /**
   * One statement of the session turned out to have touched only {@code keys} of the {@code ranges}
   * that were marked for it: the keys are marked, and the statement's claim on the ranges ends. A
   * range that nothing else was marked for is not dirty any more, in memory at once, on disk not
   * before the keys are durable; one that another statement or session marked too stays.
   *
   * @param ranges exactly as they were given to one {@link #mark} by this holder since its last
   *     {@link #release}, each at most once
   * @return completes as that of {@link #mark} for the keys. A store that cannot take a range back
   *     marks the keys and keeps it
   */
  default CompletionStage<Void> narrow(
      Holder h, TableName t, List<KeyRange> ranges, List<Key> keys) {
    return mark(h, t, keys, List.of());
  }

  /** Completes, or fails, as {@link #mark} of everything the holder has marked would. */
  CompletionStage<Void> durable(Holder h);

  // --- the life of a holder ---

  /** A command that may have committed was answered: its entries become eligible, marks stay. */
  void touched(Holder h);

  /** The transaction is certainly over: marks released, entries eligible. The holder lives on. */
  void release(Holder h);

  /**
   * As {@link #release}, but the ranges are held on, and not eligible: who changed them is asked
   * elsewhere. Crashes forget who holds them, and the next start finds them eligible.
   *
   * @return who holds them; to be given to {@link #settle} once. Empty when there was no range
   */
  Optional<Holder> entrust(Holder h);

  /**
   * What was changed of entrusted ranges is known. Of the tables in {@code keys} the keys are
   * marked, held by nobody, and the claims on the ranges end as in {@link #narrow}; the ranges of
   * other tables are released. Never waits.
   */
  void settle(Holder entrusted, Map<TableName, List<Key>> keys);

  /** The connection was lost: entries eligible, marks stay until {@link #ended}. */
  void lost(Holder h);

  /**
   * The session is over and held nothing: its registration goes. One that still holds is treated as
   * {@link #lost}.
   */
  void unregister(Holder h);

  /**
   * Before XA PREPARE is forwarded: the holder's marks are held by {@code xid} too, durably
   * registered when the stage completes, until {@link #ended(Xid)}. When MySQL has answered OK,
   * {@link #release} the session.
   */
  CompletionStage<Void> preparing(Holder h, Xid xid);

  /**
   * Sessions that are lost or belong to dead incarnations, not known to have ended. Take this set
   * first, then look at MySQL's sessions, then tell {@link #ended} of those of the set that are
   * gone.
   */
  Set<SessionId> undecided();

  /** MySQL is known to have ended the session. Sessions that are not {@link #undecided} stay. */
  void ended(SessionId id);

  /**
   * Prepared XA transactions that hold marks. Take this set first, then ask XA RECOVER, then tell
   * {@link #ended(Xid)} of those of the set that it does not list.
   */
  Set<Xid> prepared();

  /** {@code XA RECOVER} on every writable server no longer lists the transaction. */
  void ended(Xid xid);

  /**
   * Makes every entry held by undecided sessions eligible once more; called now and then as long as
   * nobody can tell whether they have ended.
   */
  void retryUndecided();

  // --- re-reading ---

  /** At most {@code max} eligible keys, oldest first; none is handed out twice at a time. */
  List<Picked> pick(TableName t, int max);

  /** At most {@code max} eligible ranges, oldest first; none is handed out twice at a time. */
  List<PickedRange> pickRanges(TableName t, int max);

  /**
   * The key was re-read and its state is in HBase. Removed if the generation is unchanged and
   * nobody held it at pick nor holds it now; else it is eligible again once nobody holds it.
   */
  void done(Picked p);

  /** Like {@link #done(Picked)}, for a range that was reconciled and may be cleared. */
  void done(PickedRange p);

  /** Not re-read; eligible again at once (the caller waits before it tells). */
  void failed(Picked p);

  /** Not reconciled; eligible again at once (the caller waits before it tells). */
  void failed(PickedRange p);

  /**
   * Called, on any thread, after entries became eligible; must not block. Replaces the last one.
   */
  void onEligible(java.util.function.Consumer<TableName> listener);

  // --- looking ---

  /** As {@link MirrorState#clean}. */
  Optional<MirrorState.Ticket> clean(TableName t, List<KeyRange> ranges);

  /** As {@link MirrorState#stillClean}. */
  boolean stillClean(MirrorState.Ticket ticket);

  /** Whether the key is dirty now. */
  boolean isDirty(TableName t, Key key);

  /** The dirty ranges of a table, for reports. */
  List<KeyRange> ranges(TableName t);

  /** What is dirty in a table. */
  Stats stats(TableName t);

  /** Tables with entries, watched now or not. */
  Collection<TableName> tables();

  // --- named values (stages, cursors, reserved versions) ---

  /** A value that was {@link #put}. */
  Optional<byte[]> get(String name);

  /** The values whose names start with {@code prefix}, in order of name. */
  Map<String, byte[]> values(String prefix);

  /**
   * Keeps a value; durable when this returns. Blocks.
   *
   * @throws DirtyStoreException when it cannot be made durable
   */
  void put(String name, byte[] value);

  /** Forgets a value; durable when this returns. Blocks. */
  void remove(String name);

  /** Writes what is pending, then closes. Idempotent. */
  @Override
  void close();
}
