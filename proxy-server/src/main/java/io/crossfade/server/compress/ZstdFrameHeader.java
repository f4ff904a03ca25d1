package io.crossfade.server.compress;

/**
 * "Frame_Header" of RFC 8878, of which it is only checked how much memory the frame asks for: its
 * window, and its content when that is the window.
 */
final class ZstdFrameHeader {
  private static final int MAGIC = 0xFD2FB528;
  private static final int FIXED = 5;

  /** No content is longer, so no larger window is of use. */
  private static final long LARGEST_WINDOW = 1L << 24;

  private int seen;
  private int magic;
  private int length = FIXED;
  private int contentAt;
  private boolean singleSegment;
  private boolean shortContent;
  private long content;

  boolean complete() {
    return seen >= FIXED && seen >= length;
  }

  /**
   * The next byte of the frame.
   *
   * @throws CompressionException when it is no frame, or asks for too much
   */
  void accept(int next) {
    if (seen < 4) {
      magic |= next << 8 * seen;
      if (seen == 3 && magic != MAGIC) {
        throw new CompressionException("not a zstd frame");
      }
    } else if (seen == 4) {
      descriptor(next);
    } else if (seen == FIXED && !singleSegment) {
      long base = 1L << (10 + (next >> 3));
      check(base + base / 8 * (next & 7));
    } else if (seen >= contentAt) {
      content |= (long) next << 8 * (seen - contentAt);
      if (seen == length - 1) {
        check(content + (shortContent ? 256 : 0));
      }
    }
    seen++;
  }

  private void descriptor(int flags) {
    singleSegment = (flags & 0x20) != 0;
    int contentFlag = flags >> 6;
    int contentLength = contentFlag == 0 ? (singleSegment ? 1 : 0) : 1 << contentFlag;
    shortContent = contentFlag == 1;
    int dictionary = flags & 3;
    contentAt = FIXED + (singleSegment ? 0 : 1) + (dictionary == 3 ? 4 : dictionary);
    length = contentAt + contentLength;
  }

  private static void check(long window) {
    if (window < 0 || window > LARGEST_WINDOW) {
      throw new CompressionException("a zstd frame that asks for too much memory");
    }
  }
}
