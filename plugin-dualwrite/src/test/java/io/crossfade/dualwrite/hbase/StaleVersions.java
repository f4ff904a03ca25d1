package io.crossfade.dualwrite.hbase;

/** Makes what only the writer itself makes. */
public final class StaleVersions {
  private StaleVersions() {}

  /** A refusal to send. */
  public static StaleVersionException one() {
    return new StaleVersionException();
  }

  /** A row that HBase cannot take. */
  public static UnwritableException unwritable() {
    return new UnwritableException("cell-too-large", "a cell of 2 bytes");
  }

  /** An item that cannot be read. */
  public static UnreadException unread(Throwable cause) {
    return new UnreadException(cause);
  }
}
