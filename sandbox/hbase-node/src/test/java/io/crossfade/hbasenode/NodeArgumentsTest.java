package io.crossfade.hbasenode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeArgumentsTest {

  @Test
  void takesPortsAndSettings() {
    NodeArguments arguments =
        NodeArguments.parse("data=/d", "master=1", "regionserver=2", "hbase.x=a=b");

    assertThat(arguments.data()).isEqualTo(Path.of("/d"));
    assertThat(arguments.masterPort()).isEqualTo(1);
    assertThat(arguments.regionServerPort()).isEqualTo(2);
    assertThat(arguments.advertisedHost()).isEqualTo("127.0.0.1");
    assertThat(arguments.settings()).containsOnly(java.util.Map.entry("hbase.x", "a=b"));
  }

  @Test
  void needsADirectory() {
    assertThatThrownBy(() -> NodeArguments.parse("master=1")).hasMessageContaining("data=");
  }

  @ParameterizedTest
  @ValueSource(strings = {"masterr=1", "master", "master=x", "regionserver=65536", "=1"})
  void namesTheWordItDoesNotUnderstand(String word) {
    assertThatThrownBy(() -> NodeArguments.parse("data=/d", word))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(word.replaceFirst("=1$", ""));
  }
}
