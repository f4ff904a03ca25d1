package io.crossfade.dualwrite.reconcile;

import io.crossfade.api.mapping.Key;
import io.crossfade.api.mapping.KeyRange;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One run of reconcile over some key ranges: what is to be done, how far it got, what it found.
 * Survives the process as bytes. Thread-safe.
 */
public final class Job {
  private static final int FORMAT = 1;
  private static final int SAMPLES = 20;

  /** How a job stands. */
  public enum State {
    RUNNING,
    DONE,
    CANCELLED
  }

  /** What a job counts. */
  public enum Count {
    /** Keys compared: rows of MySQL, and items that only HBase has. */
    COMPARED,
    /** LOOK: keys that differ, confirmed while clean. Else: keys found different and written. */
    DIFFERING,
    /** LOOK: keys that differed for a moment only. */
    LAG,
    /** LOOK: keys that never were clean long enough to be judged. */
    UNRESOLVED,
    /** Keys written. */
    WRITTEN,
    /** Order entries that belong to no item. */
    STRAYS,
    /** Lists with a wrong counter. */
    COUNTERS,
    /** Old soft deletions removed for good. */
    PURGED
  }

  private final Mode mode;
  private final List<Part> parts = new ArrayList<>();
  private final Map<Count, Long> counts = new EnumMap<>(Count.class);
  private final List<String> samples = new ArrayList<>();
  private final Set<Key> suspects = new LinkedHashSet<>();
  private long expected;
  private long startedMillis;
  private long finishedMillis;
  private State state = State.RUNNING;
  private boolean cancelled;
  private long resumedNanos = System.nanoTime();
  private long comparedBefore;

  /**
   * @param ranges the ranges, disjoint
   * @param expected about how many rows they hold
   */
  public Job(Mode mode, List<KeyRange> ranges, long expected) {
    this.mode = mode;
    this.expected = expected;
    this.startedMillis = System.currentTimeMillis();
    ranges.forEach(range -> parts.add(new Part(range)));
  }

  /** What it does. */
  public Mode mode() {
    return mode;
  }

  synchronized List<Part> parts() {
    return List.copyOf(parts);
  }

  /** Its ranges. */
  public synchronized List<KeyRange> ranges() {
    return parts.stream().map(part -> part.range).toList();
  }

  synchronized void add(Count count, long amount) {
    counts.merge(count, amount, Long::sum);
  }

  synchronized void suspect(Key key) {
    suspects.add(key);
  }

  /** LOOK: keys that looked different and are not judged yet. */
  synchronized List<Key> suspects() {
    return List.copyOf(suspects);
  }

  synchronized void judged(Key key) {
    suspects.remove(key);
  }

  synchronized void differs(Key key) {
    add(Count.DIFFERING, 1);
    if (samples.size() < SAMPLES) {
      samples.add(key.toString());
    }
  }

  /** What it counted so far. */
  public synchronized long count(Count count) {
    return counts.getOrDefault(count, 0L);
  }

  synchronized void swept(Part part, byte[] cursor, boolean end) {
    part.cursor = cursor;
    part.swept = end;
  }

  synchronized void scanned(Part part, byte[] row, boolean end) {
    part.scanned = row;
    part.done = end;
  }

  /** Asks it to stop after the chunk at hand. */
  public synchronized void cancel() {
    cancelled = true;
  }

  synchronized boolean cancelled() {
    return cancelled;
  }

  synchronized void finish(State end) {
    state = end;
    finishedMillis = System.currentTimeMillis();
  }

  /** How it stands. */
  public synchronized State state() {
    return state;
  }

  /** When it ended; the epoch while it runs. */
  public synchronized Instant finishedAt() {
    return Instant.ofEpochMilli(finishedMillis);
  }

  /** Whether it ended and proved both sides equal: nothing differs, nothing is left unjudged. */
  public synchronized boolean proved() {
    return state == State.DONE
        && mode == Mode.LOOK
        && count(Count.DIFFERING) == 0
        && count(Count.UNRESOLVED) == 0
        && count(Count.STRAYS) == 0
        && count(Count.COUNTERS) == 0;
  }

  /** Progress and findings, for the status. */
  public synchronized Map<String, Object> report() {
    long done = count(Count.COMPARED);
    double seconds = (System.nanoTime() - resumedNanos) / 1e9;
    if (state != State.RUNNING) {
      seconds = Math.max(0.001, (finishedMillis - startedMillis) / 1e3);
    }
    double rate = (done - (state == State.RUNNING ? comparedBefore : 0)) / Math.max(0.001, seconds);
    boolean sweeping = parts.stream().anyMatch(part -> !part.swept);
    long total = sweeping ? Math.max(expected, done) : done;
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(
        "state",
        switch (state) {
          case RUNNING -> sweeping ? "running" : "looking-for-extra";
          case DONE -> "done";
          case CANCELLED -> "cancelled";
        });
    map.put("mode", mode.name().toLowerCase(java.util.Locale.ROOT));
    map.put("done", done);
    map.put("total", total);
    map.put("ratePerSecond", Math.round(rate));
    map.put(
        "etaSeconds", state != State.RUNNING || rate <= 0 ? 0 : Math.round((total - done) / rate));
    for (Count count : Count.values()) {
      map.put(count.name().toLowerCase(java.util.Locale.ROOT), count(count));
    }
    map.put("startedAt", Instant.ofEpochMilli(startedMillis).toString());
    map.put(
        "finishedAt", finishedMillis == 0 ? "" : Instant.ofEpochMilli(finishedMillis).toString());
    map.put("samples", List.copyOf(samples));
    return map;
  }

  /** The bytes to keep. */
  public synchronized byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeUTF(mode.name());
      out.writeUTF(state.name());
      out.writeLong(expected);
      out.writeLong(startedMillis);
      out.writeLong(finishedMillis);
      for (Count count : Count.values()) {
        out.writeLong(count(count));
      }
      out.writeInt(samples.size());
      for (String sample : samples) {
        out.writeUTF(sample);
      }
      out.writeInt(suspects.size());
      for (Key suspect : suspects) {
        write(out, suspect.bytes());
      }
      out.writeInt(parts.size());
      for (Part part : parts) {
        write(out, part.range.from());
        write(out, part.range.to());
        write(out, part.cursor);
        out.writeBoolean(part.swept);
        write(out, part.scanned);
        out.writeBoolean(part.done);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** A job from its bytes; one that was running goes on where it was kept last. */
  public static Job of(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int format = in.readUnsignedByte();
      if (format != FORMAT) {
        throw new IllegalArgumentException("a job of the unknown format " + format);
      }
      Mode mode = Mode.valueOf(in.readUTF());
      State state = State.valueOf(in.readUTF());
      Job job = new Job(mode, List.of(), in.readLong());
      job.state = state;
      job.startedMillis = in.readLong();
      job.finishedMillis = in.readLong();
      for (Count count : Count.values()) {
        job.counts.put(count, in.readLong());
      }
      for (int n = in.readInt(); n > 0; n--) {
        job.samples.add(in.readUTF());
      }
      for (int n = in.readInt(); n > 0; n--) {
        job.suspects.add(new Key(read(in)));
      }
      for (int n = in.readInt(); n > 0; n--) {
        Part part = new Part(new KeyRange(read(in), read(in)));
        part.cursor = read(in);
        part.swept = in.readBoolean();
        part.scanned = read(in);
        part.done = in.readBoolean();
        job.parts.add(part);
      }
      job.comparedBefore = job.count(Count.COMPARED);
      return job;
    } catch (IOException e) {
      throw new IllegalArgumentException("not a job", e);
    }
  }

  private static void write(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] read(DataInputStream in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }

  /** How long it has been over. */
  public synchronized Duration age() {
    return Duration.ofMillis(System.currentTimeMillis() - finishedMillis);
  }
}
