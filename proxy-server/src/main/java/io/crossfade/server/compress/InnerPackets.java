package io.crossfade.server.compress;

import io.crossfade.server.frame.Frames;
import io.netty.buffer.ByteBuf;

/** Walks over the packets inside as they come out, and sets their sequence ids. */
final class InnerPackets {
  private final Numbering numbering;
  private int headerBytes;
  private int length;
  private int rest;
  private boolean continues;

  InnerPackets(Numbering numbering) {
    this.numbering = numbering;
  }

  /** Looks at the next bytes; the sequence ids are replaced in place. */
  void pass(ByteBuf plain) {
    int end = plain.writerIndex();
    int at = plain.readerIndex();
    while (at < end) {
      if (headerBytes < Frames.HEADER) {
        header(plain, at++);
      } else {
        if (rest == length) {
          numbering.receivingPayload(plain.getUnsignedByte(at));
        }
        int part = Math.min(rest, end - at);
        at += part;
        rest -= part;
        endIfComplete();
      }
    }
  }

  private void header(ByteBuf plain, int at) {
    int next = plain.getUnsignedByte(at);
    if (headerBytes == 0) {
      length = next;
    } else if (headerBytes < Frames.HEADER - 1) {
      length |= next << 8 * headerBytes;
    } else {
      int sequence = numbering.receiving(next, continues);
      if (sequence != next) {
        plain.setByte(at, sequence);
      }
    }
    headerBytes++;
    if (headerBytes == Frames.HEADER) {
      continues = length == Frames.MAX_PAYLOAD;
      rest = length;
      endIfComplete();
    }
  }

  private void endIfComplete() {
    if (rest == 0) {
      headerBytes = 0;
      numbering.receivedPacket(continues);
    }
  }
}
