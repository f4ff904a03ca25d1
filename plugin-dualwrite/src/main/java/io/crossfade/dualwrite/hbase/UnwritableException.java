package io.crossfade.dualwrite.hbase;

/**
 * A row was not sent because HBase could never take it as it is now. It names the reason by a short
 * stable token and never says a value.
 */
public final class UnwritableException extends UnsentException {
  private static final long serialVersionUID = 1L;

  private final String token;

  UnwritableException(String token, String message) {
    super(message);
    this.token = token;
  }

  /** The reason. */
  public String token() {
    return token;
  }
}
