package io.crossfade.dualwrite.dirty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A {@link DebtFlag} in a file whose only byte is written when the store is first opened and then
 * overwritten in place, so that setting it needs no free space. The file is locked while it is
 * open: a directory belongs to one proxy.
 */
final class FileDebtFlag implements DebtFlag {
  private static final byte SET = 'D';
  private static final byte CLEAR = '-';

  private final FileChannel channel;

  /** Opens the file and locks it for this process; a new one is clear. */
  FileDebtFlag(Path file) throws IOException {
    channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    boolean opened = false;
    try {
      lock(file);
      if (channel.size() == 0) {
        write(CLEAR);
        channel.force(true);
      }
      opened = true;
    } finally {
      if (!opened) {
        channel.close();
      }
    }
  }

  private void lock(Path file) throws IOException {
    try {
      if (channel.tryLock() != null) {
        return;
      }
    } catch (OverlappingFileLockException e) {
      throw new IOException(file + " is in use by this process", e);
    }
    throw new IOException(file + " is in use by another process");
  }

  @Override
  public boolean isSet() throws IOException {
    ByteBuffer b = ByteBuffer.allocate(1);
    channel.read(b, 0);
    return b.get(0) != CLEAR;
  }

  @Override
  public void set() throws IOException {
    write(SET);
  }

  @Override
  public void clear() throws IOException {
    write(CLEAR);
  }

  private void write(byte value) throws IOException {
    channel.write(ByteBuffer.wrap(new byte[] {value}), 0);
    channel.force(false);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new DirtyStoreException("The debt flag's file cannot be closed", e);
    }
  }
}
