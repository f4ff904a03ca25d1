package io.crossfade.bench.soak;

/**
 * One line of the verdict.
 *
 * @param what what was judged
 * @param good whether it is as it must be
 * @param figures what was seen, and the bound
 */
record Finding(String what, boolean good, String figures) {}
