/**
 * Crossfade itself as a child process, and its admin port, for the demo and the end-to-end tests.
 */
@NullMarked
package io.crossfade.sandbox.proxy;

import org.jspecify.annotations.NullMarked;
