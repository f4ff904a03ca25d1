package io.crossfade.dualwrite.witness;

import io.crossfade.dualwrite.dirty.SessionId;
import io.crossfade.dualwrite.mysql.MySqlPool;
import java.io.IOException;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who lately was connected to one server: {@code user@host} by connection id. Thread-safe. */
final class Authors {
  static final String UNKNOWN = "unknown";

  private static final int KEPT = 20_000;

  private final Map<Long, String> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, String> eldest) {
          return size() > KEPT;
        }
      };

  private final MySqlPool pool;
  private final Consumer<String> failed;

  /**
   * @param failed told why MySQL could not be asked
   */
  Authors(MySqlPool pool, Consumer<String> failed) {
    this.pool = pool;
    this.failed = failed;
  }

  /** Who has, or had, a session of {@code server}; asks MySQL where that is not known. Blocks. */
  String who(Server.State server, SessionId session) {
    if (!server.uuid().equals(session.serverUuid())) {
      return UNKNOWN + " on server " + session.serverUuid();
    }
    String who = of(session.connectionId());
    return who != null ? who : asked(server, session.connectionId()).orElse(UNKNOWN);
  }

  private Optional<String> asked(Server.State server, long thread) {
    try {
      Optional<String> who =
          pool.with(connection -> Server.connection(connection, server.processlist(), thread));
      who.ifPresent(account -> saw(Map.of(thread, account)));
      return who;
    } catch (SQLException | IOException e) {
      failed.accept("cannot ask who is connected: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Optional.empty();
  }

  /** These are connected now. */
  synchronized void saw(Map<Long, String> connections) {
    connections.forEach(
        (id, who) -> {
          known.remove(id);
          known.put(id, who);
        });
  }

  private synchronized @Nullable String of(long connection) {
    return known.get(connection);
  }

  /** Connection ids begin anew: the server is another one, or has started again. */
  synchronized void forget() {
    known.clear();
  }
}
