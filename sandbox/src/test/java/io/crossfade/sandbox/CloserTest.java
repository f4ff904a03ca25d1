package io.crossfade.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloserTest {
  private final List<String> closed = new ArrayList<>();
  private final List<String> said = new ArrayList<>();
  private final Closer closer = new Closer(said::add);

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
    assertThat(said).singleElement().asString().contains("cannot");
  }

  @Test
  void closesOnlyOnceWhatWasClosedEarly() throws Exception {
    AutoCloseable early = closer.register(() -> closed.add("early"));
    closer.closeEarly(early);
    assertThat(closed).containsExactly("early");

    closer.close();

    assertThat(closed).containsExactly("early");
  }

  @Test
  void closesAtOnceWhatComesAfterTheEnd() {
    closer.close();

    closer.register(() -> closed.add("late"));

    assertThat(closed).containsExactly("late");
  }
}
