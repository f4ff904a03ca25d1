package io.crossfade.sandbox;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import org.jspecify.annotations.Nullable;

/**
 * Finds what Maven put beside the sandbox's own classes. The sandbox is run from a checkout, from
 * {@code sandbox/target/classes} or {@code sandbox/target/*.jar}; elsewhere system properties say
 * where things are.
 */
final class BuildFolder {
  private BuildFolder() {}

  /**
   * @param property the system property that overrides
   * @param besideTarget the place relative to {@code sandbox/target}
   * @return an existing directory
   */
  static Path find(String property, String besideTarget) {
    @Nullable String override = System.getProperty(property);
    Path folder =
        override != null
            ? Path.of(override).toAbsolutePath()
            : target().resolve(besideTarget).normalize();
    if (!Files.isDirectory(folder)) {
      throw new SandboxException(
          folder + " is missing: build the module sandbox, or set -D" + property + "=DIRECTORY");
    }
    return folder;
  }

  private static Path target() {
    @Nullable CodeSource source = BuildFolder.class.getProtectionDomain().getCodeSource();
    if (source == null) {
      throw new SandboxException("the sandbox's classes come from nowhere");
    }
    try {
      return Path.of(source.getLocation().toURI()).toAbsolutePath().resolve("..").normalize();
    } catch (URISyntaxException e) {
      throw new SandboxException("the sandbox's classes come from " + source.getLocation(), e);
    }
  }
}
