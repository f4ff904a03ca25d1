package io.crossfade.dualwrite.dirty;

/**
 * The dirty store cannot be opened, or a named value cannot be kept; the message says what to do.
 */
public class DirtyStoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DirtyStoreException(String message) {
    super(message);
  }

  public DirtyStoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
