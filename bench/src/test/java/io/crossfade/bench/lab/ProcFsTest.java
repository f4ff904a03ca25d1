package io.crossfade.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcFsTest {
  @Test
  void readsCpuTimeOfAProcessWhateverItsNameIs() {
    assertThat(
            ProcFs.cpuSeconds(
                "42 (a) b (c) S 1 42 42 0 -1 4194304 100 0 0 0 250 50 7 8 20 0 3 0 100"))
        .isEqualTo(3.0);
  }

  @Test
  void countsStolenButNotIdleTimeAsBusy() {
    assertThat(ProcFs.machineBusySeconds("cpu  100 10 50 9000 800 1 2 37 0 0\ncpu0 1 2 3"))
        .isEqualTo(2.0);
  }

  @Test
  void readsResidentMemory() {
    assertThat(ProcFs.residentBytes("Name:\tx\nVmHWM:\t 99 kB\nVmRSS:\t    2048 kB\n"))
        .isEqualTo(2048 * 1024);
  }

  @Test
  void readsTheHardLimitOfOpenFiles() {
    assertThat(
            ProcFs.openFilesLimit("Max open files            1024                 4096     files"))
        .isEqualTo(4096);
    assertThat(
            ProcFs.openFilesLimit("Max open files            1024            unlimited     files"))
        .isEqualTo(Long.MAX_VALUE);
  }
}
