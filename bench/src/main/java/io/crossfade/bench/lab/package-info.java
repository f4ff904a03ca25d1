/**
 * What is compared: MySQL itself and the proxies in front of it, each an operating-system process
 * of its own that ends with this JVM, and how much CPU and memory it takes.
 */
@NullMarked
package io.crossfade.bench.lab;

import org.jspecify.annotations.NullMarked;
