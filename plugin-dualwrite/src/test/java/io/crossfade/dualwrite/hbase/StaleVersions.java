package io.crossfade.dualwrite.hbase;

/** Makes what only the writer itself makes. */
public final class StaleVersions {
  private StaleVersions() {}

  /** A refusal to send. */
  public static StaleVersionException one() {
    return new StaleVersionException();
  }
}
