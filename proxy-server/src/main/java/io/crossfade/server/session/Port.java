package io.crossfade.server.session;

import io.crossfade.server.protocol.Compression;
import io.netty.buffer.ByteBuf;

/**
 * One leg of a session, as the session sees it. Called on the session's event loop only. Reading is
 * on demand: after {@link #read} at least one piece of input or the end is reported.
 */
public interface Port {
  /** Queues bytes and takes over their reference. */
  void write(ByteBuf bytes);

  /** Sends what is queued. */
  void flush();

  /** Whether more may be queued; when not, the session is told once that it may again. */
  boolean writable();

  /** Asks for more input. */
  void read();

  /**
   * Starts TLS on this leg; what is written from now on is encrypted.
   *
   * @param early bytes that were read already and belong to TLS; their reference is taken over
   */
  void startTls(ByteBuf early);

  /**
   * Starts compression on this leg, above TLS; what is written from now on is compressed.
   *
   * @param early bytes that were read already and are compressed; their reference is taken over
   */
  void startCompression(Compression compression, ByteBuf early);

  /** Whether the leg is a unix socket, which MySQL takes for secure without TLS. */
  default boolean local() {
    return false;
  }

  /**
   * Says that nothing more will be sent, after everything queued was; the leg can still be read.
   */
  default void finish() {}

  /** Closes the leg after everything queued was sent. */
  void close();
}
