package io.crossfade.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SharedServersTest {

  @Test
  void namesAreUniqueAndFitMySql() {
    String prefix = "p".repeat(30);
    var names = IntStream.range(0, 100).mapToObj(i -> SharedServers.uniqueSchema(prefix)).toList();

    assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.length() <= 64);
  }

  @Test
  void refusesAPrefixThatWouldNeedQuoting() {
    assertThatThrownBy(() -> SharedServers.uniqueSchema("a-b"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
