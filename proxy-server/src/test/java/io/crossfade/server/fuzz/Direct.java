package io.crossfade.server.fuzz;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.buffer.UnpooledByteBufAllocator;

/**
 * The direct memory the code under test has allocated and not released. Exact where the JVM runs
 * with {@code -Dio.netty.allocator.type=unpooled}, as the unit tests do; elsewhere it says nothing.
 */
final class Direct {
  private static final boolean EXACT =
      ByteBufAllocator.DEFAULT instanceof UnpooledByteBufAllocator;

  private Direct() {}

  static long used() {
    return EXACT && ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider provider
        ? provider.metric().usedDirectMemory()
        : 0;
  }
}
