package io.crossfade.sandbox.selftest;

import io.crossfade.sandbox.selftest.grammar.Grammar;
import io.crossfade.sandbox.selftest.grammar.Home;
import io.crossfade.sandbox.selftest.grammar.SessionScript;
import io.crossfade.sandbox.selftest.grammar.Swarm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** The sessions of one round, from the first statement to the last. */
final class Traffic implements AutoCloseable {
  private static final long JOIN_MILLIS = TimeUnit.MINUTES.toMillis(3);
  private static final int OWNERS = 2;

  private final List<Thread> threads = new ArrayList<>();
  private final List<Trace> traces = new ArrayList<>();
  private final Counts counts;
  private final Janitor janitor;
  private volatile boolean running = true;

  /**
   * Starts the sessions.
   *
   * @param seed the round's
   * @param folder where each session's statements are written
   */
  Traffic(
      Grammar grammar,
      Swarm swarm,
      Login login,
      List<ScratchSchema> schemas,
      int sessions,
      long seed,
      Counts counts,
      Path folder)
      throws IOException {
    this.counts = counts;
    List<String> names = schemas.stream().map(ScratchSchema::name).toList();
    this.janitor = new Janitor(login, names, new SplittableRandom(seed), counts);
    Files.createDirectories(folder);
    for (int i = 0; i < sessions; i++) {
      ScratchSchema own = schemas.get(i % schemas.size());
      String schema = own.name();
      List<String> tables =
          own.tables().stream().map(ScratchTable::name).filter(grammar.tables()::contains).toList();
      Home home = new Home(schema, names.get((i + 1) % names.size()), tables);
      SessionScript script = new SessionScript(grammar, swarm, home, seed, i);
      Trace trace = new Trace(folder.resolve("session-" + i + ".sql"));
      traces.add(trace);
      start("session-" + i, new SqlSession(login, schema, script, counts, trace, () -> running));
    }
    for (int i = 0; i < OWNERS * names.size(); i++) {
      String schema = names.get(i % names.size());
      start("owner-" + i, new RegisterOwner(login, schema, seed, i, counts, () -> running));
    }
    start("janitor", this::janitor);
  }

  private void start(String name, Runnable work) {
    Thread t =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (RuntimeException e) {
                counts.finding(name + " ended: " + e);
              }
            },
            name);
    threads.add(t);
    t.start();
  }

  private void janitor() {
    while (running) {
      try {
        TimeUnit.SECONDS.sleep(1);
        janitor.clean();
      } catch (SQLException e) {
        counts.event("janitor refused");
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Lets every session finish its statement, and ends them all. */
  @Override
  public void close() throws InterruptedException {
    running = false;
    for (Thread t : threads) {
      t.join(JOIN_MILLIS);
      if (t.isAlive()) {
        counts.finding(t.getName() + " does not end: its statement gets no answer");
      }
    }
    traces.forEach(Trace::close);
  }

  /** Ends what is still prepared, once the sessions are gone. */
  Janitor leftovers() {
    return janitor;
  }
}
