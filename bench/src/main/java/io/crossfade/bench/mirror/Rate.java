package io.crossfade.bench.mirror;

/**
 * How the mirror did at one rate of writes.
 *
 * @param asked writes a second that were asked for
 * @param done writes a second that MySQL did
 * @param mirrored keys a second that reached HBase meanwhile
 * @param lagP50Millis median age of the oldest dirty key
 * @param lagP99Millis its 99th percentile
 * @param drainSeconds from the last write until nothing was dirty
 */
public record Rate(
    int asked,
    double done,
    double mirrored,
    double lagP50Millis,
    double lagP99Millis,
    double drainSeconds) {}
