package io.crossfade.bench.report;

import io.crossfade.bench.load.Figures;

/**
 * One target in one round.
 *
 * @param figures the load generator's
 * @param proxyCpu CPU seconds of the target's process; for a mirroring one until the mirror had
 *     caught up
 * @param mysqlCpu CPU seconds of MySQL
 * @param foreignCores how many cores were busy with what is no part of the run
 */
public record Round(Figures figures, double proxyCpu, double mysqlCpu, double foreignCores) {}
