package io.crossfade.dualwrite.dirty;

import java.io.IOException;

/** A debt flag in memory that fails on demand. */
final class FakeFlag implements DebtFlag {
  volatile boolean set;
  volatile boolean failing;
  private boolean stalled;

  /** Makes writes hang until told otherwise. */
  synchronized void stall(boolean on) {
    stalled = on;
    notifyAll();
  }

  @Override
  public boolean isSet() {
    return set;
  }

  @Override
  public void set() throws IOException {
    write(true);
  }

  @Override
  public void clear() throws IOException {
    write(false);
  }

  private synchronized void write(boolean value) throws IOException {
    while (stalled) {
      try {
        wait();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
    if (failing) {
      throw new IOException("Input/output error");
    }
    set = value;
  }

  @Override
  public void close() {}
}
