package io.crossfade.server.compress;

import io.crossfade.server.protocol.MalformedPacketException;

/** A compressed packet cannot be decompressed, or is not what its header says: error 1157. */
class CompressionException extends MalformedPacketException {
  private static final long serialVersionUID = 1;

  CompressionException(String message) {
    super(message);
  }
}
