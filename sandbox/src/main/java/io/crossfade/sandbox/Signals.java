package io.crossfade.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** POSIX signals for processes of the sandbox. Stateless. */
public final class Signals {
  private Signals() {}

  /**
   * Sends a signal.
   *
   * @param name without SIG: {@code STOP}, {@code CONT} …
   * @throws SandboxException when there is no such process, or it is not ours
   */
  public static void send(String name, long pid) {
    try {
      Process kill =
          new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid)
              .redirectErrorStream(true)
              .start();
      String output = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (kill.waitFor() != 0) {
        throw new SandboxException("kill -" + name + " of process " + pid + " failed: " + output);
      }
    } catch (IOException e) {
      throw new SandboxException("cannot signal process " + pid + ": " + e, e);
    } catch (InterruptedException e) {
      throw ChildProcess.interrupted(e);
    }
  }
}
