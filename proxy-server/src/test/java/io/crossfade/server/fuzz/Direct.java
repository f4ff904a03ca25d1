package io.crossfade.server.fuzz;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.buffer.UnpooledByteBufAllocator;

/**
 * The direct memory the code under test has allocated and not released. Exact where the JVM runs
 * with {@code -Dio.netty.allocator.type=unpooled}, as the unit tests do; elsewhere it says nothing.
 */
final class Direct {
  private static final int ATTEMPTS = 3;
  private static final boolean EXACT = ByteBufAllocator.DEFAULT instanceof UnpooledByteBufAllocator;

  private Direct() {}

  /**
   * Runs a case, which must leave nothing behind. What another test's thread releases meanwhile
   * must not count, so a difference must show itself again.
   */
  static void leavesNothing(Runnable run) {
    long left = 0;
    for (int i = 0; i < ATTEMPTS; i++) {
      long before = used();
      run.run();
      left = used() - before;
      if (left == 0) {
        return;
      }
    }
    throw new AssertionError("direct memory leaks: " + left);
  }

  private static long used() {
    return EXACT && ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider provider
        ? provider.metric().usedDirectMemory()
        : 0;
  }
}
