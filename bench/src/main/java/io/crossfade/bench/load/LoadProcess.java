package io.crossfade.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The load generator as seen from the benchmark: starts it, gives it commands. */
public final class LoadProcess implements AutoCloseable {
  private static final int SLACK_SECONDS = 300;
  private static final String END = "failed the load generator ended";

  private final Process process;
  private final Writer commands;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

  private LoadProcess(Process process) {
    this.process = process;
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
  }

  /** Starts {@link LoadGenerator} with this JVM's class path. */
  public static LoadProcess start() throws IOException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512m",
                    "-XX:+UseSerialGC",
                    "-Dlogback.configurationFile=bench-logback.xml",
                    "--add-opens=java.base/java.nio=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    LoadGenerator.class.getName()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    LoadProcess load = new LoadProcess(process);
    Thread reader = new Thread(load::readAnswers, "load-answers");
    reader.setDaemon(true);
    reader.start();
    return load;
  }

  private void readAnswers() {
    try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        answers.add(line);
      }
    } catch (IOException e) {
      answers.add("failed " + e.getMessage());
    }
    answers.add(END);
  }

  /** The process whose CPU time is the load's. */
  public long pid() {
    return process.pid();
  }

  /** Connects the plan's clients. */
  public void open(LoadPlan plan) throws IOException, InterruptedException {
    ask("open " + plan.line(), SLACK_SECONDS);
  }

  /** Has the clients work for this long. */
  public Figures measure(long millis) throws IOException, InterruptedException {
    return Figures.parse(ask("measure " + millis, SLACK_SECONDS + millis / 1000));
  }

  /** Disconnects the clients. */
  public void closeConnections() throws IOException, InterruptedException {
    ask("close", SLACK_SECONDS);
  }

  private String ask(String command, long seconds) throws IOException, InterruptedException {
    commands.write(command + "\n");
    commands.flush();
    @Nullable String answer = answers.poll(seconds, TimeUnit.SECONDS);
    if (answer == null) {
      throw new IOException("the load generator did not answer within " + seconds + " s");
    }
    if (!answer.startsWith("ok")) {
      throw new IOException(answer);
    }
    return answer.substring(2).trim();
  }

  @Override
  public void close() {
    process.destroy();
  }
}
