package io.crossfade.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the build put the distribution. */
public final class Distribution {
  private Distribution() {}

  /** The one distribution that was built. */
  public static Path directory() throws IOException {
    Path target = Path.of(System.getProperty("crossfade.distribution.parent", "target"));
    try (Stream<Path> found = Files.list(target)) {
      List<Path> directories =
          found
              .filter(p -> Files.isExecutable(p.resolve("bin/crossfade")))
              .map(Path::toAbsolutePath)
              .toList();
      if (directories.size() != 1) {
        throw new IOException("expected one distribution in " + target + ", found " + directories);
      }
      return directories.get(0);
    }
  }
}
