package io.crossfade.bench.soak;

/**
 * One look at the proxy.
 *
 * @param seconds since the traffic began
 * @param heapMiB heap used right after a full collection
 * @param directMiB direct memory of the buffer pools, free parts included
 * @param pinnedMiB direct memory of buffers somebody holds now
 * @param rssMiB resident memory of the process
 * @param files open file descriptors, sockets included
 * @param threads threads of the process
 * @param clients client connections the relay counts
 * @param mysqlThreads MySQL's threads of all accounts
 * @param leaks leak reports in the log so far
 * @param cpuSeconds CPU time of the process so far
 */
record Sample(
    long seconds,
    double heapMiB,
    double directMiB,
    double pinnedMiB,
    double rssMiB,
    int files,
    int threads,
    int clients,
    int mysqlThreads,
    int leaks,
    double cpuSeconds) {}
