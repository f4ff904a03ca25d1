/**
 * The process: the command line, what is started and stopped in which order, and the glue between
 * the relay, the plugins and the admin port. Only {@link io.crossfade.server.app.Crossfade} ends
 * the JVM.
 */
@NullMarked
package io.crossfade.server.app;

import org.jspecify.annotations.NullMarked;
