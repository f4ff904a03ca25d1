package io.crossfade.dualwrite.mysql;

import java.util.function.BiConsumer;

/**
 * Which server is the one that commits. Thread-safe.
 *
 * <p>A pooled connection may still lead to the old primary, or the address to a new one: whoever
 * reads rows for the mirror looks first, and what he sees is checked here.
 */
public final class Primary {
  private volatile String uuid;
  private final BiConsumer<String, String> onChange;

  /**
   * @param uuid the server known as primary
   * @param onChange told old and new uuid before the new one counts; marks whole tables
   */
  public Primary(String uuid, BiConsumer<String, String> onChange) {
    this.uuid = uuid;
    this.onChange = onChange;
  }

  /** The known primary's {@code @@server_uuid}. */
  public String uuid() {
    return uuid;
  }

  /**
   * Checks a look.
   *
   * @throws NotPrimaryException when rows read on that connection do not count; close it
   */
  public void check(Look look) throws NotPrimaryException {
    if (look.readOnly()) {
      throw new NotPrimaryException(
          "read-only", "MySQL server " + look.serverUuid() + " is read-only");
    }
    if (!look.serverUuid().equals(uuid)) {
      adopt(look.serverUuid());
      throw new NotPrimaryException(
          "primary-changed", "another MySQL server answers: " + look.serverUuid());
    }
  }

  /** Takes another server for the primary, after telling. */
  public synchronized void adopt(String next) {
    if (!next.equals(uuid)) {
      onChange.accept(uuid, next);
      uuid = next;
    }
  }
}
