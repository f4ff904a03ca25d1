package io.crossfade.dualwrite.hbase;

/** An item changed again and again while it was being written; nothing is on its way. */
public final class ContendedException extends UnsentException {
  private static final long serialVersionUID = 1L;

  ContendedException(int attempts) {
    super("the item changed during each of " + attempts + " attempts to write it");
  }
}
