package io.crossfade.dualwrite.dirty;

/**
 * What is dirty in one table now.
 *
 * @param keys dirty keys
 * @param ranges dirty ranges
 * @param inFlight picked entries, neither done nor failed yet
 * @param eligible entries waiting to be picked
 * @param oldestMillis how long the oldest entry has been dirty, by a monotonic clock; 0 when clean
 * @param marks entries marked since start, coalesced ones included
 * @param coalesced marks that found their entry dirty already
 * @param removed entries removed since start
 * @param kept times a re-read entry was kept: held, or marked again meanwhile
 * @param duplicates reasons to re-read that were dropped, one being queued already
 */
public record Stats(
    long keys,
    long ranges,
    long inFlight,
    long eligible,
    long oldestMillis,
    long marks,
    long coalesced,
    long removed,
    long kept,
    long duplicates) {}
