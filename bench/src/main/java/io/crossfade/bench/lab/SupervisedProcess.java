package io.crossfade.bench.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A peer's process. A small shell between it and this JVM ends it (TERM, after 10 s KILL) when this
 * JVM closes the pipe or ends, however it ends.
 */
final class SupervisedProcess implements AutoCloseable {
  private static final int CONNECT_MILLIS = 500;
  private static final int POLL_MILLIS = 50;
  private static final int STOP_SECONDS = 15;
  private static final int LINES_SHOWN = 15;

  /** The first argument is the log, the others are the command. */
  private static final String SUPERVISOR =
      """
      trap '' INT HUP
      log=$1
      shift
      exec 3<&0
      "$@" </dev/null 3<&- >>"$log" 2>&1 &
      pid=$!
      echo "$pid"
      (
        while read -r line <&3; do :; done
        kill -TERM "$pid"
        n=0
        while kill -0 "$pid" && [ "$n" -lt 100 ]; do sleep 0.1; n=$((n + 1)); done
        kill -KILL "$pid"
      ) >/dev/null 2>&1 &
      watcher=$!
      exec 3<&-
      wait "$pid"
      status=$?
      kill "$watcher" 2>/dev/null
      exit "$status"
      """;

  private final String name;
  private final Process supervisor;
  private final long pid;
  private final Path log;

  private SupervisedProcess(String name, Process supervisor, long pid, Path log) {
    this.name = name;
    this.supervisor = supervisor;
    this.pid = pid;
    this.log = log;
  }

  /**
   * Starts a process.
   *
   * @param directory where it runs, and where its log {@code NAME.log} is
   */
  static SupervisedProcess start(String name, Path directory, List<String> command)
      throws IOException {
    Path log = directory.resolve(name + ".log");
    List<String> all =
        new ArrayList<>(List.of("sh", "-c", SUPERVISOR, "bench-supervisor", log.toString()));
    all.addAll(command);
    Process supervisor =
        new ProcessBuilder(all)
            .directory(directory.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader out = supervisor.inputReader(StandardCharsets.UTF_8);
    @Nullable String pid = out.readLine();
    if (pid == null) {
      throw new IOException("cannot start " + name);
    }
    return new SupervisedProcess(name, supervisor, Long.parseLong(pid), log);
  }

  long pid() {
    return pid;
  }

  /** Waits until somebody listens on the port; fails with the end of the log. */
  void awaitPort(int port, Duration limit) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!listens(port)) {
      checkAlive();
      if (System.nanoTime() > deadline) {
        throw new IOException(name + " does not listen after " + limit + ":\n" + logTail());
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  /** Fails with the end of the log when the process has ended. */
  void checkAlive() throws IOException {
    if (!supervisor.isAlive()) {
      throw new IOException(name + " has ended:\n" + logTail());
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private String logTail() throws IOException {
    List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
  }

  @Override
  public void close() {
    try {
      supervisor.getOutputStream().close();
      if (!supervisor.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        supervisor.destroyForcibly();
      }
    } catch (IOException e) {
      supervisor.destroyForcibly();
    } catch (InterruptedException e) {
      supervisor.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
