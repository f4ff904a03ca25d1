package io.crossfade.bench.lab;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * CPU time that a process's threads have taken so far: from the scheduler's own books ({@code
 * /proc/PID/task/TID/schedstat}, nanoseconds) where the system keeps them, because the ticks of
 * {@code /proc/PID/stat}, 10 ms, are coarse for a round of a second; else from those.
 */
public final class CpuTime {
  /** No process. */
  static final CpuTime NONE = new CpuTime(Map.of());

  private static final String WHOLE_PROCESS = "process";

  private final Map<String, Long> nanosOfThreads;

  private CpuTime(Map<String, Long> nanosOfThreads) {
    this.nanosOfThreads = nanosOfThreads;
  }

  /** Reads a process's folder under /proc. */
  static CpuTime of(Path process) throws IOException {
    Path tasks = process.resolve("task");
    if (!Files.isDirectory(tasks)) {
      return NONE;
    }
    Map<String, Long> nanos = new HashMap<>();
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
      for (Path thread : threads) {
        String books = ProcFs.read(thread.resolve("schedstat").toString()).trim();
        if (!books.isEmpty()) {
          nanos.put(String.valueOf(thread.getFileName()), Long.parseLong(books.split(" ")[0]));
        }
      }
    }
    if (nanos.isEmpty()) {
      String stat = ProcFs.read(process.resolve("stat").toString());
      nanos.put(WHOLE_PROCESS, Math.round(ProcFs.cpuSeconds(stat) * 1e9));
    }
    return new CpuTime(nanos);
  }

  /**
   * Seconds since an earlier reading. What threads took that have ended since then is not known and
   * not in it.
   */
  public double secondsSince(CpuTime earlier) {
    long sum = 0;
    for (Map.Entry<String, Long> thread : nanosOfThreads.entrySet()) {
      sum += thread.getValue() - earlier.nanosOfThreads.getOrDefault(thread.getKey(), 0L);
    }
    return sum / 1e9;
  }
}
