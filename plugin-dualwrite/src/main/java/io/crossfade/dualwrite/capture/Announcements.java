package io.crossfade.dualwrite.capture;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import io.crossfade.api.sql.TableName;
import io.crossfade.dualwrite.dirty.SessionId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hears what each session marks, so that its changes can be told from those that nobody announced,
 * and its ranges be exchanged for the keys that were changed. Called on event loops, for one
 * session by one thread; must not block.
 */
public interface Announcements {
  /** Nobody listens. */
  Announcements NONE =
      new Announcements() {
        @Override
        public void opened(SessionId session) {}

        @Override
        public void marked(
            SessionId session, TableName table, List<Key> keys, List<KeyRange> ranges) {}

        @Override
        public boolean willName(SessionId session) {
          return false;
        }

        @Override
        public void released(SessionId session, @Nullable Unnamed ranges) {}

        @Override
        public void closed(SessionId session) {}
      };

  /** Ranges of a transaction that is over, whose changed keys are not known yet. Thread-safe. */
  interface Unnamed {
    /**
     * Tells the keys; called once, on any thread.
     *
     * @param keys every key that may have been changed, by table; the ranges of other tables stay
     * @param why they stay, a short stable token
     */
    void named(Map<TableName, List<Key>> keys, String why);
  }

  /** The session is one of this proxy's. */
  void opened(SessionId session);

  /** What the session's transaction may change, before MySQL can commit it. */
  void marked(SessionId session, TableName table, List<Key> keys, List<KeyRange> ranges);

  /** Whether the keys that the session's transaction changed in its ranges will soon be known. */
  boolean willName(SessionId session);

  /**
   * The transaction is certainly over: what is marked from now on belongs to a later one.
   *
   * @param ranges gets the keys; null when they are not asked for
   */
  void released(SessionId session, @Nullable Unnamed ranges);

  /** The connection has ended; MySQL may still be executing its last command. */
  void closed(SessionId session);
}
