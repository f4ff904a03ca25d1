package io.crossfade.bench.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** What Linux says about a process: proc(5). */
final class Procfs {
  private static final double TICKS_PER_SECOND = 100;
  private static final String LISTEN = "0A";

  private final Path process;

  Procfs(long pid) {
    this.process = Path.of("/proc/" + pid);
  }

  /** Resident memory. */
  double rssMiB() throws IOException {
    return status("VmRSS:") / 1024.0;
  }

  int threads() throws IOException {
    return (int) status("Threads:");
  }

  private long status(String field) throws IOException {
    for (String line : Files.readAllLines(process.resolve("status"))) {
      if (line.startsWith(field)) {
        return Long.parseLong(line.substring(field.length()).replace("kB", "").strip());
      }
    }
    throw new IOException("no " + field + " in " + process.resolve("status"));
  }

  /** User and system time so far. */
  double cpuSeconds() throws IOException {
    String text = Files.readString(process.resolve("stat"));
    String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  int files() throws IOException {
    try (Stream<Path> all = Files.list(process.resolve("fd"))) {
      return (int) all.count();
    }
  }

  /** Sockets of the process that are bound to a local port, those that listen left out. */
  int connectionsOn(int localPort) throws IOException {
    Set<String> own = sockets();
    String port = String.format(Locale.ROOT, ":%04X", localPort);
    int found = 0;
    for (String file : List.of("tcp", "tcp6")) {
      Path table = process.resolve("net").resolve(file);
      if (!Files.exists(table)) {
        continue;
      }
      for (String line : Files.readAllLines(table)) {
        String[] fields = line.strip().split(" +");
        if (fields[1].endsWith(port) && !fields[3].equals(LISTEN) && own.contains(fields[9])) {
          found++;
        }
      }
    }
    return found;
  }

  private Set<String> sockets() throws IOException {
    Set<String> inodes = new HashSet<>();
    try (Stream<Path> all = Files.list(process.resolve("fd"))) {
      for (Path descriptor : (Iterable<Path>) all::iterator) {
        String target = link(descriptor);
        if (target.startsWith("socket:[")) {
          inodes.add(target.substring("socket:[".length(), target.length() - 1));
        }
      }
    }
    return inodes;
  }

  /** A descriptor may be gone since it was listed. */
  private static String link(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return "";
    }
  }
}
