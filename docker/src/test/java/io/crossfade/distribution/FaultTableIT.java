package io.crossfade.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crossfade.sandbox.compare.IndependentComparison;
import io.crossfade.sandbox.workload.Tally;
import io.crossfade.sandbox.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * I2, I4 and I5 while faults strike real processes under load: what the application sees of each,
 * that no read is stale, and that HBase ends equal. Writes the table of docs/reliability.md to
 * {@code target/faults.md}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultTableIT {
  private static final Duration NO_STALL = Duration.ofSeconds(3);

  /** As Connector/J words the end of a connection, or that there is none to be had. */
  private static final Pattern LOST =
      Pattern.compile(
          "Communications link failure|Lost connection|connect to MySQL|Server shutdown"
              + "|No operations allowed after connection closed|Connection reset");

  private final List<String> lines = new ArrayList<>();
  private FaultBed bed;

  @BeforeAll
  void start() throws Exception {
    bed = new FaultBed();
  }

  @AfterAll
  void stop() throws Exception {
    bed.close();
    lines.add(0, "| fault | the application sees | operations | rows lost | converged after |");
    lines.add(1, "|---|---|---|---|---|");
    Files.write(Path.of("target", "faults.md"), lines);
  }

  @ParameterizedTest
  @EnumSource
  void theApplicationSeesNoMoreThanItMayAndHBaseEndsEqual(Fault fault) throws Exception {
    assumeTrue(
        fault != Fault.DISK_FULL || Files.exists(Path.of("/usr/bin/prlimit")),
        "prlimit (util-linux) limits the size of a running process's files");
    assumeTrue(
        fault != Fault.CLOCK_STEPS || bed.clock.isPresent(), "libfaketime steps a server's clock");
    Workload clients = bed.startClients();
    try (clients) {
      FaultBed.awaitOperations(clients, 200);
      clients.forgetWaits();
      fault.strike.at(bed, clients);
      bed.migration.awaitHBaseAnswers();
    }
    Tally seen = clients.tally();
    assertThat(seen.staleReads()).as("stale reads: %s", seen.firstErrors()).isZero();
    switch (fault.sight) {
      case NOTHING -> {
        assertNoErrors(seen);
        assertThat(clients.longestWait()).isLessThan(NO_STALL);
      }
      case WAITING -> assertNoErrors(seen);
      case LOST_CONNECTIONS ->
          assertThat(seen.firstErrors()).isNotEmpty().allMatch(e -> LOST.matcher(e).find());
    }
    long quiet = System.nanoTime();
    bed.migration.awaitClean();
    Duration converged = Duration.ofNanos(System.nanoTime() - quiet);
    IndependentComparison.Outcome equal = bed.migration.compare();
    assertThat(equal.examples()).as("after %s", fault).isEmpty();
    assertThat(equal.differing()).isZero();
    assertThat(equal.compared()).isGreaterThan(FaultBed.ROWS / 2);
    lines.add(
        "| %s | %s | %,d | %d of %,d | %.1f s |"
            .formatted(
                fault.title,
                fault.sight.words,
                seen.operations(),
                equal.differing(),
                equal.compared(),
                converged.toMillis() / 1e3));
  }

  private void assertNoErrors(Tally seen) throws IOException {
    assertThat(seen.firstErrors()).as("the proxy warned: %s", bed.migration.warnings()).isEmpty();
  }
}
