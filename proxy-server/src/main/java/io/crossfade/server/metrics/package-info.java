/**
 * The one meter registry of the process, what the JVM and Netty say of themselves, and its
 * Prometheus text.
 */
@NullMarked
package io.crossfade.server.metrics;

import org.jspecify.annotations.NullMarked;
