package io.crossfade.sandbox;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an {@link EmbeddedMySql} or {@link EmbeddedMariaDb} is run.
 *
 * @param dataDirectory initialised when empty, used again otherwise; null = temporary, deleted with
 *     the server
 * @param port TCP port on 127.0.0.1; 0 = free, kept over restarts
 * @param bufferPoolMiB size of InnoDB's buffer pool in MiB
 * @param flags further options of the server, e.g. {@code --sql-mode=ANSI_QUOTES}; they win over
 *     the sandbox's own
 * @param clock what the server takes for the time; null = the machine's
 */
public record MySqlOptions(
    @Nullable Path dataDirectory,
    int port,
    int bufferPoolMiB,
    List<String> flags,
    @Nullable SteppedClock clock) {

  /** Copies the flags. */
  public MySqlOptions {
    flags = List.copyOf(flags);
  }

  /**
   * @return a free port, 128 MiB, a directory that goes with the server
   */
  public static MySqlOptions temporary() {
    return new MySqlOptions(null, 0, 128, List.of(), null);
  }

  /**
   * @param dataDirectory created when missing
   * @return a free port, 128 MiB, data that stays
   */
  public static MySqlOptions in(Path dataDirectory) {
    return new MySqlOptions(dataDirectory, 0, 128, List.of(), null);
  }

  /**
   * @param newPort 0 = free
   * @return a changed copy
   */
  public MySqlOptions withPort(int newPort) {
    return new MySqlOptions(dataDirectory, newPort, bufferPoolMiB, flags, clock);
  }

  /**
   * @param mebibytes the size of the buffer pool
   * @return a changed copy
   */
  public MySqlOptions withBufferPoolMiB(int mebibytes) {
    return new MySqlOptions(dataDirectory, port, mebibytes, flags, clock);
  }

  /**
   * @param more mysqld options
   * @return a copy with these flags after those it has
   */
  public MySqlOptions withFlags(String... more) {
    List<String> all = new ArrayList<>(flags);
    all.addAll(List.of(more));
    return new MySqlOptions(dataDirectory, port, bufferPoolMiB, all, clock);
  }

  /**
   * @param stepped what the server takes for the time
   * @return a changed copy
   */
  public MySqlOptions withClock(SteppedClock stepped) {
    return new MySqlOptions(dataDirectory, port, bufferPoolMiB, flags, stepped);
  }
}
