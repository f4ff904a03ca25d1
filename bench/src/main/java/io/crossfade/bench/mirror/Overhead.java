package io.crossfade.bench.mirror;

/**
 * What one class of statements costs through the proxy, on one connection.
 *
 * @param statement what is executed
 * @param direct executions a second at MySQL, the rounds' median
 * @param ratio throughput through the proxy, with the table watched, as a share of that: the median
 *     of the rounds' ratios
 */
public record Overhead(String statement, double direct, double ratio) {}
