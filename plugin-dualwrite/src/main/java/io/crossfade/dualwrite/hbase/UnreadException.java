package io.crossfade.dualwrite.hbase;

/** An item could not be read, so that nothing was sent for it; the cause says why. */
public final class UnreadException extends UnsentException {
  private static final long serialVersionUID = 1L;

  UnreadException(Throwable cause) {
    super("the item could not be read: " + cause);
    initCause(cause);
  }
}
