package io.crossfade.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SystemLibrariesTest {

  @Test
  void readsWhatLddDidNotFind() {
    Stream<String> lines =
        Stream.of(
            "\tlinux-vdso.so.1 (0x00007fa6689a0000)",
            "\tlibaio.so.1 => not found",
            "\tlibnuma.so.1 => /lib/x86_64-linux-gnu/libnuma.so.1 (0x00007fa668971000)",
            "\tlibssl.so.1.1 => not found");

    assertThat(SystemLibraries.notFound(lines)).containsExactly("libaio.so.1", "libssl.so.1.1");
  }

  @ParameterizedTest
  @CsvSource({
    "debian,,12,apt-get install -y libaio1 libnuma1",
    "debian,,13,apt-get install -y libaio1t64 libnuma1",
    "debian,,,apt-get install -y libaio1t64 libnuma1",
    "ubuntu,debian,22.04,apt-get install -y libaio1 libnuma1",
    "ubuntu,debian,24.04,apt-get install -y libaio1t64 libnuma1",
    "opensuse-leap,suse opensuse,15.6,zypper install -y libaio1 libnuma1",
    "rocky,rhel centos fedora,9.4,dnf install -y libaio numactl-libs"
  })
  void namesTheCommandOfTheDistribution(String id, String like, String version, String expected) {
    Map<String, String> osRelease =
        Map.of(
            "ID", id,
            "ID_LIKE", like == null ? "" : like,
            "VERSION_ID", version == null ? "" : version);

    assertThat(SystemLibraries.installCommand(osRelease)).isEqualTo(expected);
  }
}
