package io.crossfade.bench.report;

import io.crossfade.bench.lab.Kind;
import java.util.OptionalDouble;

/**
 * What connections that do nothing cost.
 *
 * @param connections logged in at once, each with a prepared statement
 * @param residentPerConnection growth of the process's resident memory, bytes
 * @param jvmPerConnection growth of heap (after a collection) and direct buffers, bytes; of
 *     Crossfade only
 */
public record Idle(
    Kind kind, int connections, double residentPerConnection, OptionalDouble jvmPerConnection) {}
