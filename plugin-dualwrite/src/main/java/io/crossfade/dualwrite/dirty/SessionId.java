package io.crossfade.dualwrite.dirty;

/**
 * A session on a MySQL server.
 *
 * @param serverUuid {@code @@server_uuid}
 * @param connectionId {@code CONNECTION_ID()}; unique among the sessions that are alive
 */
public record SessionId(String serverUuid, long connectionId) {
  /**
   * Stands for every session that existed when the store was opened: the sessions of a dead
   * incarnation that ended in debt are not known by name. Ended once each of those (but the proxy's
   * own) has ended.
   */
  public static final SessionId ANY = new SessionId("*", 0);
}
