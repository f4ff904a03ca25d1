package io.crossfade.server.session;

import io.crossfade.server.protocol.ErrPacket;
import io.netty.buffer.ByteBuf;

/**
 * A phase of a session. Takes over the reference of the buffers it is given. Event-loop confined.
 */
sealed interface Phase permits LoginPhase, CommandPhase, OverPhase {
  /** Bytes from the client. */
  void onClient(ByteBuf in);

  /** Bytes from MySQL. */
  void onServer(ByteBuf in);

  /** A leg takes bytes again. */
  default void onWritable() {}

  /** Whether more bytes from the client are of use now. */
  boolean wantsClient();

  /** Whether the session could end now without anybody missing something. */
  boolean idle();

  /**
   * The client's time to log in is up: ends the session if it is the client's turn.
   *
   * @return false when the login is not over but MySQL is the one that is late
   */
  default boolean loginTimeUp() {
    return true;
  }

  /**
   * The session cannot go on: a client that waits for an answer gets an error in its place, unless
   * it stands in the middle of a packet.
   */
  default void fail(ErrPacket error) {}

  /** Whether something the client has sent waits for anything but the rest of it. */
  default boolean busy() {
    return false;
  }

  /** Whether MySQL owes an answer. */
  default boolean owed() {
    return false;
  }

  /** The session ends; releases what is held. Called once. */
  void end();
}
