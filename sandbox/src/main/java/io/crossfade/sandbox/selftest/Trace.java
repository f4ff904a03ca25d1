package io.crossfade.sandbox.selftest;

import io.crossfade.sandbox.selftest.grammar.Step;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;

/** One session's statements and how each ended, in a file. Used by one thread. */
final class Trace implements AutoCloseable {
  private final PrintWriter out;

  Trace(Path file) throws IOException {
    out = new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8));
  }

  void done(Step step) {
    write(step, "ok");
  }

  void failed(Step step, SQLException e) {
    write(step, e.getErrorCode() + " " + e.getMessage());
  }

  private void write(Step step, String end) {
    out.println(
        Instant.now()
            + " "
            + step.way()
            + " "
            + step.sql()
            + (step.parameters().isEmpty() ? "" : " -- " + step.parameters())
            + " => "
            + end.replace('\n', ' '));
  }

  @Override
  public void close() {
    out.close();
  }
}
