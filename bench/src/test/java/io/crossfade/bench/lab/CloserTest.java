package io.crossfade.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloserTest {
  private final List<String> closed = new ArrayList<>();
  private final Closer closer = new Closer();

  @Test
  void closesTheLastFirstAndEachOnceEvenIfOneFails() {
    closer.register(() -> closed.add("first"));
    closer.register(
        () -> {
          throw new IllegalStateException("cannot");
        });
    closer.register(() -> closed.add("last"));

    closer.close();
    closer.close();

    assertThat(closed).containsExactly("last", "first");
  }

  @Test
  void closesAtOnceWhatComesAfterTheEnd() {
    closer.close();

    closer.register(() -> closed.add("late"));

    assertThat(closed).containsExactly("late");
  }
}
