package io.crossfade.server.fuzz;

import java.util.Random;
import org.junit.jupiter.api.Test;

class FuzzTest {
  @Test
  void x() {
    for (long seed = 0; seed < Long.getLong("n", 3000); seed++) {
      Random r = new Random(seed);
      byte[] b = new byte[r.nextInt(3000)];
      r.nextBytes(b);
      try {
        ConversationTarget.fuzzerTestOneInput(b);
      } catch (Throwable t) {
        throw new AssertionError("seed " + seed, t);
      }
    }
  }
}
