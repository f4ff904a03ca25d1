package io.crossfade.dualwrite.dirty;

import java.io.IOException;

/** One durable bit: "everything is dirty". Used by one thread at a time; may block. */
interface DebtFlag extends AutoCloseable {
  /** Whether it is set. */
  boolean isSet() throws IOException;

  /** Sets it; durable when this returns. */
  void set() throws IOException;

  /** Clears it; durable when this returns. */
  void clear() throws IOException;

  @Override
  void close();
}
