package io.crossfade.server.protocol;

/** Capability flags: "Capabilities Flags" in the manual. */
public final class Capabilities {
  /** By which a server or client says that it is no MariaDB: "long password" of old. */
  public static final long MYSQL = 1L;

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

  /** Bits 32 and up are MariaDB's "extended capabilities". */
  public static final long MARIADB_PROGRESS = 1L << 32;

  public static final long MARIADB_STMT_BULK_OPERATIONS = 1L << 34;
  public static final long MARIADB_EXTENDED_METADATA = 1L << 35;
  public static final long MARIADB_CACHE_METADATA = 1L << 36;
  public static final long MARIADB_BULK_UNIT_RESULTS = 1L << 37;

  /** What {@link #MARIADB_PROGRESS} was before; another server's "extended capabilities". */
  public static final long MARIADB_OLD_PROGRESS = 1L << 29;

  /** The extended capabilities this relay can follow; others are hidden from clients. */
  public static final long MARIADB_UNDERSTOOD =
      MARIADB_PROGRESS
          | MARIADB_STMT_BULK_OPERATIONS
          | MARIADB_EXTENDED_METADATA
          | MARIADB_CACHE_METADATA
          | MARIADB_BULK_UNIT_RESULTS;

  private Capabilities() {}

  /** Whether {@code flags} has all of {@code wanted}. */
  public static boolean has(long flags, long wanted) {
    return (flags & wanted) == wanted;
  }
}
