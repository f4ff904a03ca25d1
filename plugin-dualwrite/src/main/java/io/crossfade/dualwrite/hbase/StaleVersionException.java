package io.crossfade.dualwrite.hbase;

/**
 * A write was not sent because its version was taken too long ago: what it would write must be read
 * anew.
 */
public final class StaleVersionException extends UnsentException {
  private static final long serialVersionUID = 1L;

  StaleVersionException() {
    super("the version is too old to be written; the rows have to be read anew");
  }
}
