package io.crossfade.sandbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A server's binaries, unpacked by the first user of any JVM. */
final class UnpackedOnce {
  private UnpackedOnce() {}

  /** Fills a directory. */
  interface Unpacking {
    void into(Path directory) throws IOException;
  }

  /**
   * @param folder where the archive lies
   * @return {@code dist} in it, complete
   * @throws SandboxException when that fails
   */
  static synchronized Path in(Path folder, Unpacking unpacking) {
    Path home = folder.resolve("dist");
    try (FileChannel lockFile =
            FileChannel.open(
                folder.resolve("dist.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = lockFile.lock()) {
      if (lock.isValid() && !Files.isDirectory(home)) {
        Path unfinished = folder.resolve("dist.unfinished");
        DataDirectory.deleteTree(unfinished);
        Files.createDirectories(unfinished);
        unpacking.into(unfinished);
        Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
      }
      return home;
    } catch (IOException e) {
      throw new SandboxException("cannot unpack a server in " + folder + ": " + e, e);
    }
  }
}
