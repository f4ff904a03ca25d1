package io.crossfade.dualwrite.dirty;

/**
 * A mark could be recorded neither in the dirty store nor by the debt flag, and must not be lost.
 */
public class DebtException extends Exception {
  private static final long serialVersionUID = 1L;

  public DebtException(String message, Throwable cause) {
    super(message, cause);
  }

  public DebtException(String message) {
    super(message);
  }
}
