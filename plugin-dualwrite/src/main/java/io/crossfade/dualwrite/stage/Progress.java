package io.crossfade.dualwrite.stage;

import io.crossfade.dualwrite.dirty.DirtyStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A table's stage and how it came there, kept in the dirty store. Thread-safe. */
public final class Progress {
  private final DirtyStore store;
  private final String name;
  private Stage stage = Stage.DUAL_WRITE;
  private boolean copied;
  private final List<String> history = new ArrayList<>();

  /** Reads what was kept of {@code table}. */
  public Progress(DirtyStore store, String table) {
    this.store = store;
    this.name = "stage/" + table;
    store
        .get(name)
        .ifPresent(
            bytes -> {
              List<String> lines =
                  Arrays.asList(new String(bytes, StandardCharsets.UTF_8).split("\n", -1));
              stage = Stage.valueOf(lines.get(0));
              copied = Boolean.parseBoolean(lines.get(1));
              history.addAll(lines.subList(2, lines.size()));
            });
  }

  /** The stage. */
  public synchronized Stage stage() {
    return stage;
  }

  /** Whether the whole table was copied at least once and not thrown away since. */
  public synchronized boolean copied() {
    return copied;
  }

  /** What happened, oldest first. */
  public synchronized List<String> history() {
    return List.copyOf(history);
  }

  /** Moves to a stage; durable when this returns. */
  public synchronized void move(Stage next, boolean nowCopied, String why) {
    stage = next;
    copied = nowCopied;
    note(next.label() + ": " + why);
  }

  /** Notes something for the report; durable when this returns. */
  public synchronized void note(String what) {
    history.add(Instant.now().truncatedTo(ChronoUnit.SECONDS) + " " + what.replace('\n', ' '));
    String text = stage + "\n" + copied + "\n" + String.join("\n", history);
    store.put(name, text.getBytes(StandardCharsets.UTF_8));
  }
}
