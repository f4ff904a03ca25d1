package io.crossfade.dualwrite.dirty.kafka;

import java.io.IOException;

/**
 * A reader was away, or behind, for longer than the topic keeps the messages of rows that are clean
 * again: some may be gone. Whoever reads must call {@link DirtyTopicReader#acceptGap} and then look
 * at every row anew.
 */
public final class GapException extends IOException {
  private static final long serialVersionUID = 1L;

  GapException(String message) {
    super(message);
  }
}
