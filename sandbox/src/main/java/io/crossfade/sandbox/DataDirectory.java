package io.crossfade.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a server keeps its data.
 *
 * @param path exists
 * @param temporary whether it is deleted with its server
 */
public record DataDirectory(Path path, boolean temporary) {

  /**
   * @param wanted created when missing; null = a new temporary directory
   * @param prefix how a temporary directory's name begins
   */
  static DataDirectory open(@Nullable Path wanted, String prefix) {
    try {
      if (wanted == null) {
        return new DataDirectory(Files.createTempDirectory(prefix).toRealPath(), true);
      }
      Files.createDirectories(wanted);
      return new DataDirectory(wanted.toRealPath(), false);
    } catch (IOException e) {
      throw new SandboxException("no data directory: " + e, e);
    }
  }

  /** Deletes it if it is temporary. */
  void release() {
    if (temporary) {
      deleteTree(path);
    }
  }

  /**
   * Deletes a directory with all that is in it, if there is one.
   *
   * @throws SandboxException when something of it cannot be deleted
   */
  public static void deleteTree(Path root) {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException e) {
      throw new SandboxException("cannot delete " + root + ": " + e, e);
    }
  }
}
