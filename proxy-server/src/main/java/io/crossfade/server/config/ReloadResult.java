package io.crossfade.server.config;

import java.util.List;

/**
 * What came of one attempt to reload.
 *
 * @param outcome what was done
 * @param revision the number of the configuration that is in force now
 * @param messages why it was refused, or what was applied; never a secret
 */
public record ReloadResult(Outcome outcome, int revision, List<String> messages) {
  /** What was done. */
  public enum Outcome {
    /** The new configuration is in force. */
    APPLIED,
    /** The file says what is in force already. */
    UNCHANGED,
    /** Nothing was changed; the old configuration is in force. */
    REFUSED,
    /** Another reload is under way; nothing was looked at. */
    BUSY
  }
}
