package io.crossfade.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JvmMemoryTest {
  @Test
  void addsUpTheHeapsPoolsAndLeavesOtherMemoryOut() {
    JvmMemory memory =
        JvmMemory.parse(
            """
            # TYPE jvm_memory_used_bytes gauge
            jvm_memory_used_bytes{area="heap",id="G1 Eden Space"} 1048576.0
            jvm_memory_used_bytes{area="heap",id="G1 Old Gen"} 2.097152E7
            jvm_memory_used_bytes{area="nonheap",id="Metaspace"} 5.0E7
            netty_allocator_memory_used{allocator_type="X",id="1",memory_type="direct"} 4194304.0
            netty_allocator_memory_used{allocator_type="X",id="1",memory_type="heap"} 99.0
            jvm_gc_memory_allocated_bytes_total 1.0E9
            """);

    assertThat(memory).isEqualTo(new JvmMemory(22_020_096, 4_194_304, 1e9));
  }
}
