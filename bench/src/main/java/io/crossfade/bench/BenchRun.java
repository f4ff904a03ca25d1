package io.crossfade.bench;

import io.crossfade.bench.lab.CpuTime;
import io.crossfade.bench.lab.Dataset;
import io.crossfade.bench.lab.JvmMemory;
import io.crossfade.bench.lab.JvmProbe;
import io.crossfade.bench.lab.Kind;
import io.crossfade.bench.lab.Lab;
import io.crossfade.bench.lab.ProcFs;
import io.crossfade.bench.lab.RunningTarget;
import io.crossfade.bench.load.Figures;
import io.crossfade.bench.load.LoadPlan;
import io.crossfade.bench.load.Mode;
import io.crossfade.bench.load.Workload;
import io.crossfade.bench.report.Combination;
import io.crossfade.bench.report.Idle;
import io.crossfade.bench.report.Round;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * Warms up, measures combination after combination in interleaved rounds, then idle connections.
 */
final class BenchRun {
  private static final String ACCOUNT = "app";
  private static final int WARM_UP_CONNECTIONS = 16;

  private final Lab lab;
  private final Selection selection;
  private final List<String> notes = new ArrayList<>();
  private final Map<Kind, Double> allocated = new EnumMap<>(Kind.class);
  private final Map<Kind, Long> queries = new EnumMap<>(Kind.class);
  private long runs = System.currentTimeMillis() % 100_000 * 1_000;
  private boolean probing = true;

  BenchRun(Lab lab, Selection selection) {
    this.lab = lab;
    this.selection = selection;
  }

  /** What should be known beside the figures. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  /** JVM proxies are slow until their code is compiled; the mirror's code runs only under DML. */
  void warmUp() throws IOException, InterruptedException {
    if (selection.warmUpSeconds() == 0) {
      return;
    }
    Workload workload =
        selection.workloads().size() == 1 ? selection.workloads().get(0) : Workload.MIXED;
    for (RunningTarget target : lab.targets()) {
      for (Mode mode : selection.modes()) {
        if (target.kind().needsWarmUp()) {
          warmUp(target, workload, mode);
        }
        if (target.kind() == Kind.WATCHED
            && workload == Workload.MIXED
            && selection.workloads().contains(Workload.DML)) {
          warmUp(target, Workload.DML, mode);
        }
      }
    }
  }

  private void warmUp(RunningTarget target, Workload workload, Mode mode)
      throws IOException, InterruptedException {
    measure(target, workload, mode, WARM_UP_CONNECTIONS, selection.warmUpSeconds());
  }

  /** Measures all combinations; each is given away as soon as it is done. */
  void compare(Consumer<Combination> done) throws IOException, InterruptedException {
    for (RunningTarget target : lab.targets()) {
      allocatedSince(target);
    }
    for (Workload workload : selection.workloads()) {
      for (Mode mode : selection.modes()) {
        for (int connections : selection.connections()) {
          done.accept(combination(workload, mode, connections));
        }
      }
    }
  }

  private Combination combination(Workload workload, Mode mode, int connections)
      throws IOException, InterruptedException {
    queries.clear();
    Map<Kind, List<Round>> rounds = new EnumMap<>(Kind.class);
    for (int round = 0; round < selection.rounds(); round++) {
      for (RunningTarget target : lab.targets()) {
        int seconds = selection.seconds() * workload.lengthOfRound();
        Round one = measure(target, workload, mode, connections, seconds);
        rounds.computeIfAbsent(target.kind(), kind -> new ArrayList<>()).add(one);
      }
    }
    Map<Kind, Double> perQuery = new EnumMap<>(Kind.class);
    for (RunningTarget target : lab.targets()) {
      OptionalDouble bytes = allocatedSince(target);
      if (bytes.isPresent()) {
        perQuery.put(
            target.kind(),
            bytes.getAsDouble() / Math.max(1, queries.getOrDefault(target.kind(), 1L)));
      }
    }
    return new Combination(workload, mode, connections, rounds, perQuery);
  }

  private Round measure(
      RunningTarget target, Workload workload, Mode mode, int connections, int seconds)
      throws IOException, InterruptedException {
    lab.load().open(plan(target, workload, mode, connections));
    Sample before = Sample.now(lab, target);
    long from = System.nanoTime();
    Figures figures = lab.load().measure(seconds * 1000L);
    double elapsed = (System.nanoTime() - from) / 1e9;
    Sample after = Sample.now(lab, target);
    lab.load().closeConnections();
    target.awaitMirrored();
    if (figures.queries() == 0) {
      throw new IOException(
          "%s answered nothing (%s, %s, %d connections): %s"
              .formatted(
                  target.kind().title(),
                  workload.label(),
                  mode.label(),
                  connections,
                  figures.firstError()));
    }
    if (figures.errors() > 0) {
      note(
          "%s, %s, %s, %d connections: %d errors, the first: %s"
              .formatted(
                  target.kind().title(),
                  workload.label(),
                  mode.label(),
                  connections,
                  figures.errors(),
                  figures.firstError()));
    }
    queries.merge(target.kind(), figures.queries(), Long::sum);
    return new Round(
        figures,
        ProcFs.cpuTime(target.pid()).secondsSince(before.proxy()),
        after.mysql().secondsSince(before.mysql()),
        after.foreignSince(before) / elapsed);
  }

  private LoadPlan plan(RunningTarget target, Workload workload, Mode mode, int connections) {
    return new LoadPlan(
        target.port(),
        ACCOUNT,
        ACCOUNT,
        Dataset.SCHEMA,
        workload,
        mode,
        connections,
        selection.shape().rows(),
        runs++);
  }

  private void note(String text) {
    System.out.println("NOTE: " + text);
    notes.add(text);
  }

  /** Bytes that the target has allocated on its heap since the last call. */
  private OptionalDouble allocatedSince(RunningTarget target) throws InterruptedException {
    if (target.probe().isEmpty() || !probing) {
      return OptionalDouble.empty();
    }
    try {
      double now = target.probe().get().collectAndRead().allocated();
      Double before = allocated.put(target.kind(), now);
      return before == null ? OptionalDouble.empty() : OptionalDouble.of(now - before);
    } catch (IOException e) {
      probing = false;
      note("allocation is not measured: " + e.getMessage());
      return OptionalDouble.empty();
    }
  }

  /** Memory of idle connections, for each proxy. */
  List<Idle> idle() throws IOException, InterruptedException {
    List<Idle> out = new ArrayList<>();
    long files = ProcFs.openFilesLimit();
    if (selection.idle() == 0) {
      return out;
    }
    if (files < 2L * selection.idle() + 500) {
      note(
          "idle connections are not measured: a process may open %d files here (ulimit -n), %d are"
                  .formatted(files, 2L * selection.idle() + 500)
              + " needed");
      return out;
    }
    for (RunningTarget target : lab.targets()) {
      if (target.kind() != Kind.DIRECT) {
        try {
          out.add(idle(target));
        } catch (IOException e) {
          note("%s, idle connections: %s".formatted(target.kind().title(), e.getMessage()));
          lab.load().closeConnections();
        }
      }
    }
    return out;
  }

  private Idle idle(RunningTarget target) throws IOException, InterruptedException {
    int n = selection.idle();
    OptionalDouble jvmBefore = jvmBytes(target);
    long residentBefore = ProcFs.residentBytes(target.pid());
    lab.load().open(plan(target, Workload.POINT, Mode.PREPARED, n));
    long resident = ProcFs.residentBytes(target.pid());
    OptionalDouble jvm = jvmBytes(target);
    lab.load().closeConnections();
    return new Idle(
        target.kind(),
        n,
        (resident - residentBefore) / (double) n,
        jvm.isPresent() && jvmBefore.isPresent()
            ? OptionalDouble.of((jvm.getAsDouble() - jvmBefore.getAsDouble()) / n)
            : OptionalDouble.empty());
  }

  private OptionalDouble jvmBytes(RunningTarget target) throws IOException, InterruptedException {
    if (target.probe().isEmpty() || !probing) {
      return OptionalDouble.empty();
    }
    JvmProbe probe = target.probe().get();
    JvmMemory memory = probe.collectAndRead();
    return OptionalDouble.of(memory.heap() + memory.direct());
  }

  /** CPU time so far. */
  private record Sample(CpuTime proxy, CpuTime mysql, CpuTime hbase, CpuTime load, double busy) {
    static Sample now(Lab lab, RunningTarget target) throws IOException {
      return new Sample(
          ProcFs.cpuTime(target.pid()),
          ProcFs.cpuTime(lab.mysqlPid()),
          ProcFs.cpuTime(lab.hbasePid()),
          ProcFs.cpuTime(lab.load().pid()),
          ProcFs.machineBusySeconds());
    }

    /** CPU seconds since {@code before} of what is no part of the run. */
    double foreignSince(Sample before) {
      double own =
          proxy.secondsSince(before.proxy)
              + mysql.secondsSince(before.mysql)
              + hbase.secondsSince(before.hbase)
              + load.secondsSince(before.load);
      return Math.max(0, busy - before.busy - own);
    }
  }
}
