package io.crossfade.sandbox.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/**
 * What a person watching the demo sees: a line a step, and under it one line that changes in place.
 * On something that is no terminal the changing line is printed now and then instead.
 */
final class Terminal {
  private static final int BAR = 28;
  private static final long PLAIN_EVERY_NANOS = 5_000_000_000L;

  private final PrintStream out;
  private final boolean ansi;
  private final long started = System.nanoTime();
  private boolean open;
  private long lastPlain;

  Terminal(PrintStream out, boolean ansi) {
    this.out = out;
    this.ansi = ansi;
  }

  /** A new step of the migration. */
  synchronized void step(String title) {
    endLine();
    out.println(bold(String.format(Locale.ROOT, "[%5.1f s] %s", seconds(), title)));
    lastPlain = 0;
  }

  /** Something worth a line of its own. */
  synchronized void say(String line) {
    endLine();
    out.println("          " + line);
  }

  /** The changing line. */
  synchronized void progress(String line) {
    if (ansi) {
      out.print("\r\033[K          " + line);
      out.flush();
      open = true;
    } else if (System.nanoTime() - lastPlain > PLAIN_EVERY_NANOS) {
      lastPlain = System.nanoTime();
      out.println("          " + line);
    }
  }

  /** Ends the changing line and leaves {@code line} in its place. */
  synchronized void done(String line) {
    if (open) {
      out.print("\r\033[K");
      open = false;
    }
    out.println("          " + green("✓ ") + line);
  }

  /** Text without decoration. */
  synchronized void raw(String text) {
    endLine();
    out.println(text);
  }

  String bold(String s) {
    return ansi ? "\033[1m" + s + "\033[0m" : s;
  }

  String green(String s) {
    return ansi ? "\033[32m" + s + "\033[0m" : s;
  }

  String red(String s) {
    return ansi ? "\033[31;1m" + s + "\033[0m" : s;
  }

  /** A bar for {@code part} between 0 and 1. */
  static String bar(double part) {
    int full = (int) Math.round(Math.max(0, Math.min(1, part)) * BAR);
    return "█".repeat(full) + "░".repeat(BAR - full);
  }

  static String time(Duration d) {
    long s = d.toSeconds();
    return s < 60 ? s + " s" : s / 60 + " min " + s % 60 + " s";
  }

  private double seconds() {
    return (System.nanoTime() - started) / 1e9;
  }

  private void endLine() {
    if (open) {
      out.println();
      open = false;
    }
  }
}
