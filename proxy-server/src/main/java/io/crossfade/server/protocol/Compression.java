package io.crossfade.server.protocol;

import org.jspecify.annotations.Nullable;

/**
 * How the packets of a connection are compressed once its login is over: "Compression" in the
 * manual.
 *
 * @param algorithm what both sides agreed on
 * @param level the effort of whoever compresses; what can be decompressed does not depend on it
 */
public record Compression(Algorithm algorithm, int level) {
  /** The flags of the handshake that ask for compression. */
  public static final long FLAGS = Capabilities.COMPRESS | Capabilities.ZSTD_COMPRESSION;

  /** zlib's own default, which MySQL leaves alone. */
  private static final int ZLIB_LEVEL = 6;

  private static final int ZSTD_LEVELS = 22;

  /** What MySQL knows. */
  public enum Algorithm {
    ZLIB,
    ZSTD
  }

  /**
   * What a client gets: zlib goes before zstd when it asks for both, as in MySQL.
   *
   * @param flags the capabilities asked for that were offered
   * @param zstdLevel the level in the client's response; looked at only when zstd is used
   * @return null when nothing is compressed
   */
  public static @Nullable Compression agreed(long flags, int zstdLevel) {
    if (Capabilities.has(flags, Capabilities.COMPRESS)) {
      return new Compression(Algorithm.ZLIB, ZLIB_LEVEL);
    }
    return Capabilities.has(flags, Capabilities.ZSTD_COMPRESSION)
        ? new Compression(Algorithm.ZSTD, zstdLevel)
        : null;
  }

  /** Whether MySQL takes the level. */
  public boolean valid() {
    return algorithm == Algorithm.ZLIB || (level >= 1 && level <= ZSTD_LEVELS);
  }
}
