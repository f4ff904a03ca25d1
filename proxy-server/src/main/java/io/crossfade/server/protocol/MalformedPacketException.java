package io.crossfade.server.protocol;

/** A packet does not follow the protocol. Stackless: it says where by its message. */
public class MalformedPacketException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Names the packet and what is wrong with it. */
  public MalformedPacketException(String message) {
    super(message, null, false, false);
  }
}
