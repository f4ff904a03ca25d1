package io.crossfade.server.protocol;

/** Capability flags: "Capabilities Flags" in the manual. */
public final class Capabilities {
  public static final long CONNECT_WITH_DB = 1L << 3;
  public static final long COMPRESS = 1L << 5;
  public static final long LOCAL_FILES = 1L << 7;
  public static final long PROTOCOL_41 = 1L << 9;
  public static final long SSL = 1L << 11;
  public static final long TRANSACTIONS = 1L << 13;
  public static final long SECURE_CONNECTION = 1L << 15;
  public static final long MULTI_STATEMENTS = 1L << 16;
  public static final long MULTI_RESULTS = 1L << 17;
  public static final long PLUGIN_AUTH = 1L << 19;
  public static final long CONNECT_ATTRS = 1L << 20;
  public static final long PLUGIN_AUTH_LENENC_DATA = 1L << 21;
  public static final long SESSION_TRACK = 1L << 23;
  public static final long DEPRECATE_EOF = 1L << 24;
  public static final long OPTIONAL_RESULTSET_METADATA = 1L << 25;
  public static final long ZSTD_COMPRESSION = 1L << 26;
  public static final long QUERY_ATTRIBUTES = 1L << 27;

  /** What the relay does not offer to clients. */
  public static final long MASKED = COMPRESS | ZSTD_COMPRESSION;

  private Capabilities() {}

  /** Whether {@code flags} has all of {@code wanted}. */
  public static boolean has(long flags, long wanted) {
    return (flags & wanted) == wanted;
  }
}
