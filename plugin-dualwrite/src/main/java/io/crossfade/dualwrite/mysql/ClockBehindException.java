package io.crossfade.dualwrite.mysql;

import java.sql.SQLException;

/**
 * MySQL's clock is behind a version that may have been used: nothing may be written until it is
 * not.
 */
public final class ClockBehindException extends SQLException {
  private static final long serialVersionUID = 1L;

  private final long missingMillis;

  ClockBehindException(long missingMillis) {
    super("MySQL's clock is " + missingMillis + " ms behind a version that may be in use");
    this.missingMillis = missingMillis;
  }

  /** How far behind. */
  public long missingMillis() {
    return missingMillis;
  }
}
