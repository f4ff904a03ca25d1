package io.crossfade.bench.load;

/**
 * One client: who it is and what it does.
 *
 * @param textEncoder shared by all clients
 * @param source the client's own statements
 * @param meter shared by all clients of a run
 */
record Client(
    String user,
    String password,
    String schema,
    Workload workload,
    Mode mode,
    StatementEncoder textEncoder,
    StatementSource source,
    Meter meter) {}
