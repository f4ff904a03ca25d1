package io.crossfade.kafkanode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NodeArgumentsTest {
  @Test
  void readsPlacesPortsAndBrokerSettings() {
    NodeArguments arguments =
        NodeArguments.parse("data=/x/../y", "port=9092", "controller=9093", "num.io.threads=3");

    assertThat(arguments.data()).isEqualTo(Path.of("/y"));
    assertThat(arguments.port()).isEqualTo(9092);
    assertThat(arguments.controllerPort()).isEqualTo(9093);
    assertThat(arguments.settings()).containsExactly(java.util.Map.entry("num.io.threads", "3"));
  }

  @Test
  void refusesWhatItDoesNotUnderstandByName() {
    assertThatThrownBy(() -> NodeArguments.parse("data=/x", "port=9092", "colour=red"))
        .hasMessageContaining("unknown key colour");
    assertThatThrownBy(() -> NodeArguments.parse("data=/x", "port=many"))
        .hasMessageContaining("not a port: port=many");
    assertThatThrownBy(() -> NodeArguments.parse("data=/x", "port=0"))
        .hasMessageContaining("not a port: port=0");
    assertThatThrownBy(() -> NodeArguments.parse("alone"))
        .hasMessageContaining("not key=value: alone");
    assertThatThrownBy(() -> NodeArguments.parse("data=/x", "port=9092"))
        .hasMessageContaining("controller=N is missing");
  }
}
