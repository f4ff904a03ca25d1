package io.crossfade.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Something that speaks MySQL's protocol.
 *
 * @param name how the table calls it
 * @param port its port on 127.0.0.1
 * @param pid the process whose CPU time is charged to it; 0 = none
 */
record Target(String name, int port, long pid) {
  private static final double TICKS_PER_SECOND = 100;

  /**
   * User and system CPU time of the process, in seconds; 0 without one or where /proc is missing.
   */
  double cpuSeconds() throws IOException {
    Path stat = Path.of("/proc/" + pid + "/stat");
    if (pid == 0 || !Files.exists(stat)) {
      return 0;
    }
    String text = Files.readString(stat);
    String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }
}
