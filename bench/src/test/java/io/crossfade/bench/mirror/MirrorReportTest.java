package io.crossfade.bench.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MirrorReportTest {
  @Test
  void aRateHasALineWithItsLag() {
    assertThat(MirrorReport.rates(List.of(new Rate(500, 499.6, 480.2, 12, 85, 0.4))))
        .containsPattern("\\| +500 \\| +500 \\| +480 \\| +12 \\| +85 \\| +0\\.4 \\|");
  }

  @Test
  void theCatchUpRateIsKeysThroughTime() {
    assertThat(MirrorReport.catchUp(new CatchUp(600, 300_000, 4.25, 0, 90_000, 30)))
        .containsPattern("90000 \\| +30\\.0 \\| +3000 \\|");
  }

  @Test
  void memoryAndDiskAreThoseOfAMillionKeys() {
    Footprint half = new Footprint(500_000, 100 << 20, 20 << 20);
    assertThat(MirrorReport.footprint(half)).containsPattern("500000 \\| +200 \\| +40 \\|");
  }

  @Test
  void theOverheadIsARatioToDirect() {
    assertThat(MirrorReport.overheads(List.of(new Overhead("exact", 1234, 0.876))))
        .containsPattern("\\| exact +\\| +1234 \\| +0\\.88 \\|");
  }
}
