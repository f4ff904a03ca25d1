package io.crossfade.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;

class JudgeTest {
  private static final int SAMPLES = 360;

  private static Sample sample(long second, double heap, double rss, int files, double held) {
    return new Sample(second, heap, 20, held, rss, files, 60, 10, 10, 0, second / 10.0);
  }

  private static List<Sample> series(LongToDoubleFunction heap, LongToDoubleFunction files) {
    List<Sample> out = new ArrayList<>();
    for (long i = 1; i <= SAMPLES; i++) {
      out.add(
          sample(
              i * 10, heap.applyAsDouble(i), 400, (int) Math.round(files.applyAsDouble(i)), 0.5));
    }
    return out;
  }

  private static Finding finding(List<Finding> findings, String what) {
    return findings.stream().filter(f -> f.what().startsWith(what)).findFirst().orElseThrow();
  }

  @Test
  void anUnevenButFlatSeriesPasses() {
    Random random = new Random(1);
    List<Sample> samples =
        series(i -> 60 + 15 * random.nextDouble(), i -> 100 + random.nextInt(40));
    assertThat(Judge.flatness(samples)).allMatch(Finding::good);
  }

  @Test
  void aSlowLeakBeneathTheNoiseFails() {
    Random random = new Random(2);
    List<Sample> samples = series(i -> 60 + 15 * random.nextDouble() + i * 0.03, i -> 100);
    Finding heap = finding(Judge.flatness(samples), "heap");
    assertThat(heap.good()).isFalse();
    assertThat(heap.figures()).contains("allowed 4.0");
  }

  @Test
  void aLeakOfSocketsFails() {
    Finding files = finding(Judge.flatness(series(i -> 60, i -> 100 + i / 18.0)), "file");
    assertThat(files.good()).isFalse();
  }

  @Test
  void growthWhileWarmingUpIsForgiven() {
    List<Sample> samples = series(i -> i < SAMPLES / 4 ? i : SAMPLES / 4.0, i -> 100);
    assertThat(Judge.flatness(samples)).allMatch(Finding::good);
  }

  @Test
  void growthIsTheRiseOfTheFittedLine() {
    List<Sample> samples = series(i -> 10 + i, i -> 100);
    assertThat(Judge.growth(samples, Sample::heapMiB)).isCloseTo(SAMPLES - 1, within(1e-6));
  }

  @Test
  void aRunTooShortToJudgeFails() {
    List<Sample> few = series(i -> 60, i -> 100).subList(0, 8);
    assertThat(Judge.flatness(few)).noneMatch(Finding::good);
  }

  @Test
  void whatIsLeftFails() {
    Sample before = sample(0, 60, 400, 100, 0.1);
    Sample after = new Sample(3600, 60, 20, 3, 400, 100, 60, 1, 10, 4, 100);
    assertThat(Judge.leftovers(before, after, 5, 2)).hasSize(5).noneMatch(Finding::good);
    Sample clean = new Sample(3600, 60, 20, 0.4, 400, 100, 60, 0, 0, 0, 100);
    assertThat(Judge.leftovers(before, clean, 0, 0)).allMatch(Finding::good);
  }

  @Test
  void aMeterIsSummedOverItsSeriesWithALabel() {
    String scrape =
        """
        # HELP used bytes
        used{area="heap",id="a"} 3.0
        used{area="heap",id="b"} 1.5E1
        used{area="nonheap"} 100.0
        used_max{area="heap"} 7.0
        plain 4.0
        """;
    assertThat(Sampler.sum(scrape, "used", "area=\"heap\"")).isEqualTo(18);
    assertThat(Sampler.sum(scrape, "plain", "")).isEqualTo(4);
  }
}
