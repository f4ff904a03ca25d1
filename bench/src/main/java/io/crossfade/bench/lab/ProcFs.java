package io.crossfade.bench.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * CPU and memory figures from Linux's /proc; 0 for a process that does not exist and on systems
 * without /proc.
 */
public final class ProcFs {
  private static final double TICKS_PER_SECOND = 100;
  private static final int UTIME = 11;
  private static final int STIME = 12;

  private ProcFs() {}

  /** CPU time of a process so far; nothing for pid 0. */
  public static CpuTime cpuTime(long pid) throws IOException {
    return pid == 0 ? CpuTime.NONE : CpuTime.of(Path.of("/proc/" + pid));
  }

  /** CPU time from the text of {@code /proc/PID/stat}; the process's name may hold anything. */
  static double cpuSeconds(String stat) {
    if (stat.isEmpty()) {
      return 0;
    }
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])) / TICKS_PER_SECOND;
  }

  /** CPU time of the whole machine so far, stolen time included, in seconds. */
  public static double machineBusySeconds() throws IOException {
    return machineBusySeconds(read("/proc/stat"));
  }

  /** Busy time from the text of {@code /proc/stat}: all but idle and waiting for disks. */
  static double machineBusySeconds(String stat) {
    if (stat.isEmpty()) {
      return 0;
    }
    String[] fields = stat.lines().findFirst().orElse("").trim().split("\\s+");
    long busy = 0;
    for (int i = 1; i <= 8 && i < fields.length; i++) {
      if (i != 4 && i != 5) {
        busy += Long.parseLong(fields[i]);
      }
    }
    return busy / TICKS_PER_SECOND;
  }

  /** Resident memory of a process, in bytes. */
  public static long residentBytes(long pid) throws IOException {
    return residentBytes(read("/proc/" + pid + "/status"));
  }

  /** Resident memory from the text of {@code /proc/PID/status}. */
  static long residentBytes(String status) {
    return status
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElse(0);
  }

  /** How many files a process may open here. */
  public static long openFilesLimit() throws IOException {
    return openFilesLimit(read("/proc/self/limits"));
  }

  /** The hard limit from the text of {@code /proc/PID/limits}; without one there is no limit. */
  static long openFilesLimit(String limits) {
    return limits
        .lines()
        .filter(line -> line.startsWith("Max open files"))
        .map(line -> line.trim().split("\\s+")[4])
        .filter(limit -> !limit.equals("unlimited"))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(Long.MAX_VALUE);
  }

  /** The processor's name, or "unknown". */
  public static String processor() throws IOException {
    List<String> lines = read("/proc/cpuinfo").lines().toList();
    return lines.stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).trim())
        .findFirst()
        .orElse("unknown");
  }

  static String read(String file) throws IOException {
    try {
      return Files.readString(Path.of(file));
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).contains("No such process")) {
        return "";
      }
      throw e;
    }
  }
}
