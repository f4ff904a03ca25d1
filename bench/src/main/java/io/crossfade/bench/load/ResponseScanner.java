package io.crossfade.bench.load;

import io.netty.buffer.ByteBuf;

/**
 * Finds the end of the response to one COM_QUERY or COM_STMT_EXECUTE by walking over packet
 * headers, wherever the network cut the bytes. Understands one OK, one ERR or one result set of
 * less than 251 columns, with rows below 16 MiB ("Text Resultset" and "Binary Protocol Resultset"
 * in the manual). Not thread-safe.
 */
final class ResponseScanner {
  private static final int HEADER = 4;
  private static final int LONGEST_EOF = 9;
  private static final int LONGEST_PACKET = 0xFFFFFF;

  private enum Phase {
    FIRST,
    COLUMNS,
    COLUMNS_EOF,
    ROWS
  }

  private final boolean eofDeprecated;
  private Phase phase = Phase.FIRST;
  private int columnsLeft;
  private int skip;
  private int headerBytes;
  private int length;
  private boolean failed;

  ResponseScanner(boolean eofDeprecated) {
    this.eofDeprecated = eofDeprecated;
  }

  /**
   * Consumes bytes until they end or the response does.
   *
   * @return whether the response is complete; the next call begins a new one
   */
  boolean scan(ByteBuf in) {
    while (true) {
      if (skip > 0) {
        int n = Math.min(skip, in.readableBytes());
        in.skipBytes(n);
        skip -= n;
        if (skip > 0) {
          return false;
        }
        if (headerBytes == 0 && phase == Phase.FIRST) {
          return true;
        }
      }
      while (headerBytes < HEADER) {
        if (!in.isReadable()) {
          return false;
        }
        int b = in.readUnsignedByte();
        length |= headerBytes < 3 ? b << (8 * headerBytes) : 0;
        headerBytes++;
      }
      if (!in.isReadable()) {
        return false;
      }
      boolean last = packet(in.readUnsignedByte(), length);
      skip = length - 1;
      headerBytes = 0;
      length = 0;
      if (last) {
        phase = Phase.FIRST;
        if (skip == 0) {
          return true;
        }
      }
    }
  }

  /** Whether the last complete response was an error. */
  boolean failed() {
    return failed;
  }

  /** Whether this packet, of which the first byte is given, is the last one. */
  private boolean packet(int first, int size) {
    switch (phase) {
      case FIRST -> {
        failed = first == 0xFF;
        if (first == 0xFF || first == 0) {
          return true;
        }
        columnsLeft = first;
        phase = Phase.COLUMNS;
      }
      case COLUMNS -> {
        columnsLeft--;
        if (columnsLeft == 0) {
          phase = eofDeprecated ? Phase.ROWS : Phase.COLUMNS_EOF;
        }
      }
      case COLUMNS_EOF -> phase = Phase.ROWS;
      case ROWS -> {
        failed = first == 0xFF;
        return failed || (first == 0xFE && size < (eofDeprecated ? LONGEST_PACKET : LONGEST_EOF));
      }
    }
    return false;
  }
}
