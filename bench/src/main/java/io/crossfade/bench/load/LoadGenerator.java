package io.crossfade.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * The load generator's process. One command a line on stdin, one answer a line on stdout: {@code
 * open PLAN}, {@code measure MILLIS}, {@code close}; answers begin with {@code ok} or {@code
 * failed}. It ends with its stdin.
 */
public final class LoadGenerator {
  private LoadGenerator() {}

  /** Serves commands until stdin ends. */
  public static void main(String[] args) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (LoadSession session = new LoadSession()) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        System.out.println(answer(session, line));
        System.out.flush();
      }
    }
  }

  private static String answer(LoadSession session, String line) {
    String[] words = line.split(" ", 2);
    try {
      switch (words[0]) {
        case "open" -> session.open(LoadPlan.parse(words[1]));
        case "measure" -> {
          return "ok " + session.measure(Long.parseLong(words[1])).line();
        }
        case "close" -> session.closeConnections();
        default -> throw new IllegalArgumentException("unknown command: " + line);
      }
      return "ok";
    } catch (IOException | IllegalArgumentException e) {
      return "failed " + String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "failed interrupted";
    }
  }
}
