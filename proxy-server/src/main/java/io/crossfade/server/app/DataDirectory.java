package io.crossfade.server.app;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The directory for state, locked so that two proxies never share one. */
final class DataDirectory implements AutoCloseable {
  private final Path path;
  private final FileChannel lockFile;

  private DataDirectory(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /**
   * Creates the directory where it is missing and locks it.
   *
   * @throws StartException when it cannot be used
   */
  static DataDirectory open(Path path) throws StartException {
    try {
      Files.createDirectories(path);
      FileChannel file =
          FileChannel.open(
              path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (lock(file) == null) {
        file.close();
        throw new StartException(
            "the data directory " + path + " is in use by another proxy; give each its own");
      }
      return new DataDirectory(path, file);
    } catch (IOException e) {
      throw new StartException(
          "cannot use the data directory " + path + " (data-directory): " + e.getMessage(), e);
    }
  }

  private static @Nullable FileLock lock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /** A plugin's own part. */
  Path of(String plugin) throws StartException {
    try {
      return Files.createDirectories(path.resolve(plugin));
    } catch (IOException e) {
      throw new StartException("cannot create " + path.resolve(plugin) + ": " + e.getMessage(), e);
    }
  }

  /** Gives the lock up. */
  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
