package io.crossfade.bench.lab;

/**
 * Memory of a JVM as its meters show it.
 *
 * @param heap bytes in use on the heap
 * @param direct bytes that Netty's default allocator has taken outside the heap
 * @param allocated bytes allocated on the heap since the start, up to the last collection
 */
public record JvmMemory(double heap, double direct, double allocated) {

  /** Reads the text of {@code /metrics} (Prometheus' text format). */
  static JvmMemory parse(String metrics) {
    return new JvmMemory(
        sum(metrics, "jvm_memory_used_bytes{", "area=\"heap\""),
        sum(metrics, "netty_allocator_memory_used{", "memory_type=\"direct\""),
        sum(metrics, "jvm_gc_memory_allocated_bytes_total", ""));
  }

  private static double sum(String metrics, String name, String label) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name) && line.contains(label))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
