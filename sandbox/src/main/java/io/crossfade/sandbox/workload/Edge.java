package io.crossfade.sandbox.workload;

/** {@code follower} follows {@code user}. */
public record Edge(long user, long follower) {}
