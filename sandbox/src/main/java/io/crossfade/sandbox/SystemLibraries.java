package io.crossfade.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The shared libraries that mysqld needs from the system ({@code libaio}, {@code libnuma}), judged
 * by {@code ldd}.
 *
 * <p>Debian 13 and Ubuntu 24.04 renamed {@code libaio.so.1} to {@code libaio.so.1t64} (the same
 * interface on 64-bit machines). Where only that one is there, a directory with a link of the old
 * name is made and put on mysqld's {@code LD_LIBRARY_PATH}.
 *
 * <p>As a program it prints the command that installs what is missing and exits with 1, or prints
 * nothing and exits with 0.
 */
public final class SystemLibraries {
  private static final Pattern NOT_FOUND = Pattern.compile("^\\s*(\\S+) => not found");
  private static final Pattern RELEASE_LINE = Pattern.compile("^(\\w+)=\"?([^\"]*)\"?$");
  private static final String RENAMED = "libaio.so.1";
  private static final String RENAMED_TO = "libaio.so.1t64";
  private static final List<Path> LIBRARY_FOLDERS =
      List.of(
          Path.of("/usr/lib/x86_64-linux-gnu"),
          Path.of("/lib/x86_64-linux-gnu"),
          Path.of("/usr/lib64"),
          Path.of("/usr/lib"));

  private final Set<String> missing;
  private final Optional<Path> links;

  private SystemLibraries(Set<String> missing, Optional<Path> links) {
    this.missing = missing;
    this.links = links;
  }

  /**
   * Prints the installing command if one is needed.
   *
   * @param args none
   */
  public static void main(String[] args) {
    try {
      SystemLibraries libraries = MySqlDistribution.unpacked().libraries();
      if (!libraries.missing().isEmpty()) {
        System.out.println(libraries.installCommand());
        System.exit(1);
      }
    } catch (SandboxException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    }
  }

  /**
   * Asks {@code ldd}. A system without it (macOS) lacks nothing.
   *
   * @param binary the program to look at
   * @param linkFolder where a link for a renamed library may be made
   */
  static SystemLibraries of(Path binary, Path linkFolder) {
    Set<String> missing = notFound(ldd(binary));
    Optional<Path> renamed = missing.contains(RENAMED) ? renamedLibrary() : Optional.empty();
    if (renamed.isEmpty()) {
      return new SystemLibraries(missing, Optional.empty());
    }
    try {
      Files.createDirectories(linkFolder);
      Path link = linkFolder.resolve(RENAMED);
      Files.deleteIfExists(link);
      Files.createSymbolicLink(link, renamed.get());
    } catch (IOException e) {
      throw new SandboxException("cannot link " + renamed.get() + " in " + linkFolder, e);
    }
    missing.remove(RENAMED);
    return new SystemLibraries(missing, Optional.of(linkFolder));
  }

  /**
   * @return the names of the libraries that the system lacks, e.g. {@code libaio.so.1}
   */
  public Set<String> missing() {
    return Set.copyOf(missing);
  }

  /**
   * @return the one command, to be run as root, that installs what is missing here
   */
  public String installCommand() {
    return installCommand(osRelease());
  }

  /** A folder for {@code LD_LIBRARY_PATH}, if one is needed. */
  Optional<Path> links() {
    return links;
  }

  static String installCommand(Map<String, String> osRelease) {
    String families =
        osRelease.getOrDefault("ID", "") + " " + osRelease.getOrDefault("ID_LIKE", "");
    if (families.contains("debian") || families.contains("ubuntu")) {
      String libaio = renames(osRelease) ? "libaio1t64" : "libaio1";
      return "apt-get install -y " + libaio + " libnuma1";
    }
    if (families.contains("suse")) {
      return "zypper install -y libaio1 libnuma1";
    }
    return "dnf install -y libaio numactl-libs";
  }

  private static boolean renames(Map<String, String> osRelease) {
    double first = "ubuntu".equals(osRelease.get("ID")) ? 24.04 : 13;
    try {
      return Double.parseDouble(osRelease.getOrDefault("VERSION_ID", "")) >= first;
    } catch (NumberFormatException e) {
      return true; // testing and unstable have no number
    }
  }

  static Set<String> notFound(Stream<String> lddLines) {
    Set<String> names = new LinkedHashSet<>();
    lddLines.forEach(
        line -> {
          Matcher matcher = NOT_FOUND.matcher(line);
          if (matcher.find()) {
            names.add(matcher.group(1));
          }
        });
    return names;
  }

  private static Stream<String> ldd(Path binary) {
    try {
      Process ldd =
          new ProcessBuilder("ldd", binary.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String output = new String(ldd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      ldd.waitFor();
      return output.lines();
    } catch (IOException e) {
      return Stream.empty();
    } catch (InterruptedException e) {
      throw ChildProcess.interrupted(e);
    }
  }

  private static Optional<Path> renamedLibrary() {
    return LIBRARY_FOLDERS.stream()
        .map(folder -> folder.resolve(RENAMED_TO))
        .filter(Files::exists)
        .findFirst();
  }

  private static Map<String, String> osRelease() {
    Map<String, String> values = new HashMap<>();
    List<String> lines = new ArrayList<>();
    try {
      lines.addAll(Files.readAllLines(Path.of("/etc/os-release")));
    } catch (IOException e) {
      return values;
    }
    for (String line : lines) {
      Matcher matcher = RELEASE_LINE.matcher(line);
      if (matcher.matches()) {
        values.put(matcher.group(1), matcher.group(2));
      }
    }
    return values;
  }
}
