package io.crossfade.dualwrite.mysql;

import java.sql.SQLException;

/** A connection does not lead to the writable primary: what it reads does not count. */
public final class NotPrimaryException extends SQLException {
  private static final long serialVersionUID = 1L;

  private final String token;

  NotPrimaryException(String token, String message) {
    super(message);
    this.token = token;
  }

  /** A short stable token for a counter. */
  public String token() {
    return token;
  }
}
