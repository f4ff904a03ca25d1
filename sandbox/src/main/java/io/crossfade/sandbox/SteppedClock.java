package io.crossfade.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A clock that a server takes for the time and that a test steps, forwards and backwards: the
 * machine's own and an offset. The server runs with libfaketime (Debian's package of that name).
 */
public final class SteppedClock {
  private static final Path LIBRARIES = Path.of("/usr/lib");
  private static final String LIBRARY = "faketime/libfaketimeMT.so.1";

  /** How long after a step the server may not know of it yet. */
  public static final Duration NOTICED = Duration.ofMillis(1500);

  private final Path library;
  private final Path file;

  private SteppedClock(Path library, Path file) {
    this.library = library;
    this.file = file;
  }

  /**
   * @return whether libfaketime is there
   */
  public static boolean available() {
    return library().isPresent();
  }

  /**
   * Makes a clock that shows the machine's time.
   *
   * @param directory where it is kept
   * @throws SandboxException without libfaketime
   */
  public static SteppedClock in(Path directory) {
    Path library =
        library()
            .orElseThrow(
                () ->
                    new SandboxException(
                        "a stepped clock needs libfaketime from the system; as root: apt-get"
                            + " install libfaketime"));
    SteppedClock clock = new SteppedClock(library, directory.resolve("clock"));
    clock.step(Duration.ZERO);
    return clock;
  }

  private static Optional<Path> library() {
    try (DirectoryStream<Path> architectures = Files.newDirectoryStream(LIBRARIES)) {
      for (Path architecture : architectures) {
        Path library = architecture.resolve(LIBRARY);
        if (Files.exists(library)) {
          return Optional.of(library);
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // no such system
    }
  }

  /**
   * Steps to another offset.
   *
   * @param offset from the machine's time, whole seconds
   */
  public void step(Duration offset) {
    Path fresh = file.resolveSibling("clock.new");
    try {
      Files.writeString(fresh, "%+ds%n".formatted(offset.toSeconds()));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What the server's environment needs. Timeouts are measured by the true, monotonic clock; with
   * libfaketime's fix for that clock, which glibc no longer needs, they would end at once.
   */
  Map<String, String> environment() {
    return Map.of(
        "LD_PRELOAD", library.toString(),
        "FAKETIME_TIMESTAMP_FILE", file.toString(),
        "FAKETIME_CACHE_DURATION", "1",
        "FAKETIME_DONT_FAKE_MONOTONIC", "1",
        "FAKETIME_FORCE_MONOTONIC_FIX", "0",
        "NO_FAKE_STAT", "1");
  }
}
