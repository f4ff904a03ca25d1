/**
 * Real clients at their ordinary work: each runs one program directly on MySQL and once more
 * through the shipped proxy with its follower table watched; what it sees must be the same, and
 * HBase must equal MySQL afterwards.
 */
@NullMarked
package io.crossfade.distribution.clients;

import org.jspecify.annotations.NullMarked;
