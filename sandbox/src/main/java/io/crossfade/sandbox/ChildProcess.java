package io.crossfade.sandbox;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A server process that ends when its stdin does, so that it cannot outlive this JVM. It announces
 * itself by one line on stdout; stderr goes to a file. Thread-safe.
 */
final class ChildProcess {
  private static final Duration KILL_LIMIT = Duration.ofSeconds(20);
  private static final int LOG_LINES_SHOWN = 15;

  private final String name;
  private final Process process;
  private final Path log;
  private final CompletableFuture<String> announcement = new CompletableFuture<>();
  private volatile long serverPid;
  private volatile boolean paused;

  private ChildProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.serverPid = process.pid();
  }

  /**
   * Starts the process.
   *
   * @param prefix how the line on stdout begins by which the process announces itself
   * @param log where stderr is appended to
   */
  static ChildProcess start(String name, ProcessBuilder builder, String prefix, Path log) {
    try {
      Process process =
          builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
      ChildProcess child = new ChildProcess(name, process, log);
      Thread reader = new Thread(() -> child.readOutput(prefix), name + "-stdout");
      reader.setDaemon(true);
      reader.start();
      return child;
    } catch (IOException e) {
      throw new SandboxException("cannot start " + name + ": " + e, e);
    }
  }

  private void readOutput(String prefix) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(prefix)) {
          announcement.complete(line);
        }
      }
      announcement.completeExceptionally(new IOException("the process ended"));
    } catch (IOException e) {
      announcement.completeExceptionally(e);
    }
  }

  /**
   * @return the announcing line
   * @throws SandboxException when the process ends first or takes too long; it is killed then
   */
  String awaitAnnouncement(Duration limit) {
    try {
      return announcement.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      kill9();
      throw new SandboxException(name + " did not start: " + failure(), e);
    } catch (InterruptedException e) {
      kill9();
      throw interrupted(e);
    }
  }

  String failure() {
    return endOf(log);
  }

  /** The end of a log and where all of it is, to be put into a message. */
  static String endOf(Path log) {
    try {
      List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
      int from = Math.max(0, lines.size() - LOG_LINES_SHOWN);
      return "see " + log + ", which ends\n" + String.join("\n", lines.subList(from, lines.size()));
    } catch (IOException e) {
      return "and its log cannot be read: " + e;
    }
  }

  /** For a server that runs beneath a supervisor: the process to signal. */
  void serverPid(long pid) {
    serverPid = pid;
  }

  long serverPid() {
    return serverPid;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  boolean isPaused() {
    return paused;
  }

  /** SIGSTOP: connections stay open and are accepted, nothing answers. */
  void pause() {
    Signals.send("STOP", serverPid);
    paused = true;
  }

  /** SIGCONT. */
  void resume() {
    Signals.send("CONT", serverPid);
    paused = false;
  }

  /** Ends the process in its own orderly way, by force after the limit. Returns once it is gone. */
  void stop(Duration limit) {
    if (!process.isAlive()) {
      return;
    }
    if (paused) {
      resume();
    }
    try {
      process.getOutputStream().close();
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        kill9();
      }
    } catch (IOException e) {
      kill9();
    } catch (InterruptedException e) {
      kill9();
      throw interrupted(e);
    }
  }

  /** SIGKILL. Returns once the process is gone. */
  void kill9() {
    ProcessHandle.of(serverPid).ifPresent(ProcessHandle::destroyForcibly);
    try {
      if (serverPid == process.pid()
          || !process.waitFor(KILL_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
      process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw interrupted(e);
    }
  }

  static SandboxException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new SandboxException("interrupted while waiting for a server", e);
  }
}
