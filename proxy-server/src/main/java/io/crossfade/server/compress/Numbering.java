package io.crossfade.server.compress;

/**
 * The numbers (sequence ids) of one leg. Compressed packets have numbers of their own, and they are
 * the ones both sides check; MySQL ignores those of the packets inside. Event-loop confined.
 */
interface Numbering {
  /**
   * A compressed packet begins.
   *
   * @throws OutOfOrderException when its number cannot be the next one
   */
  void received(int number);

  /**
   * A packet inside begins.
   *
   * @param sequence its sequence id
   * @param continuation whether it continues the payload of the one before
   * @return the sequence id it is passed on with
   */
  int receiving(int sequence, boolean continuation);

  /** The payload of a packet inside begins with this byte. */
  void receivingPayload(int first);

  /** A packet inside is complete; {@code continues}: its payload goes on in the next one. */
  void receivedPacket(boolean continues);

  /**
   * A packet is to be sent inside the next compressed packet.
   *
   * @return the number from which compressed packets are counted from this one on, or -1 when they
   *     are counted on
   */
  int sending(int sequence, boolean continuation);

  /** A compressed packet with this number was sent. */
  void sent(int number);
}
