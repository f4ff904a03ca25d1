package io.crossfade.sandbox;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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

  /**
   * The class path of a server that is a module of the sandbox: {@code classes} (or the module's
   * jar) and {@code lib/*} under {@code sandbox/NAME/target}, or under the directory named by the
   * system property {@code crossfade.NAME}.
   *
   * @param name the module's folder in the sandbox
   */
  static String nodeClassPath(String name) {
    Path target = find("crossfade." + name, "../" + name + "/target");
    List<String> entries = new ArrayList<>();
    if (Files.isDirectory(target.resolve("classes"))) {
      entries.add(target.resolve("classes").toString());
    } else {
      try (Stream<Path> files = Files.list(target)) {
        files
            .filter(file -> file.getFileName().toString().matches("crossfade-" + name + ".*\\.jar"))
            .map(Path::toString)
            .forEach(entries::add);
      } catch (IOException e) {
        throw new SandboxException("cannot list " + target, e);
      }
    }
    entries.add(target.resolve("lib").resolve("*").toString());
    return String.join(File.pathSeparator, entries);
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
