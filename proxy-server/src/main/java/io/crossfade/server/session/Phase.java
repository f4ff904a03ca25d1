package io.crossfade.server.session;

import io.netty.buffer.ByteBuf;

/**
 * A phase of a session. Takes over the reference of the buffers it is given, and returns the phase
 * that follows (itself, mostly). Event-loop confined.
 */
sealed interface Phase permits LoginPhase, CommandPhase, OverPhase {
  /** Bytes from the client. */
  Phase onClient(ByteBuf in);

  /** Bytes from MySQL. */
  Phase onServer(ByteBuf in);

  /** A leg takes bytes again. */
  default void onWritable() {}

  /** Whether more bytes from the client are of use now. */
  boolean wantsClient();

  /** Whether the session could end now without anybody missing something. */
  boolean idle();

  /** The session ends; releases what is held. Called once. */
  void end();
}
