package io.crossfade.server.compress;

/** A compressed packet has a number that cannot be the next one: MySQL's error 1156. */
final class OutOfOrderException extends CompressionException {
  private static final long serialVersionUID = 1;

  OutOfOrderException() {
    super("a compressed packet is out of order");
  }
}
