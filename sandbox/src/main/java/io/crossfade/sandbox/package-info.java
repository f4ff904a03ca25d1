/**
 * Real MySQL, HBase and Kafka on loopback, for the demo and the tests: as child processes that end
 * with this JVM even when it is killed, or as servers named by the environment. Also the means to
 * hurt them: kill, freeze, and a TCP link that fails on demand.
 */
@NullMarked
package io.crossfade.sandbox;

import org.jspecify.annotations.NullMarked;
