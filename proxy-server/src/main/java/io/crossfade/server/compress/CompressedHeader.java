package io.crossfade.server.compress;

import io.crossfade.server.frame.Frames;
import io.netty.buffer.ByteBuf;

/** The header of a compressed packet: its length, its number, and its length before compression. */
final class CompressedHeader {
  static final int LENGTH = 7;

  /** The longest compressed packet, and the longest content of one. */
  static final int MAX = Frames.MAX_PAYLOAD;

  /** Shorter content is sent as it is, with a length before compression of 0. */
  static final int WORTHWHILE = 50;

  private CompressedHeader() {}

  static void write(ByteBuf out, int length, int number, int plainLength) {
    out.writeMediumLE(length);
    out.writeByte(number);
    out.writeMediumLE(plainLength);
  }
}
