/**
 * What a plugin implements and what it is given: {@link io.crossfade.api.plugin.Interceptor} and
 * its factory, {@link io.crossfade.api.plugin.Exchange}, {@link io.crossfade.api.plugin.Verdict},
 * {@link io.crossfade.api.plugin.Outcome}.
 *
 * <p><b>Threading.</b> One interceptor per client session and plugin; it is only called on its
 * session's event loop and must never block there. A stage it returns may complete on any thread;
 * the runtime hops back to the event loop and sends nothing of that session to MySQL meanwhile.
 * Calls of a session never overlap. {@link io.crossfade.api.plugin.InterceptorFactory#start} and
 * {@code close} may block.
 *
 * <p><b>Lifetime.</b> {@code start} is called once; {@code close} exactly when {@code start}
 * returned. {@code open} is called when a client has authenticated, {@code closed} when its session
 * is over.
 *
 * <p><b>Failure.</b> A thrown exception or a stage that fails or exceeds its limit is counted,
 * logged, and treated as {@link io.crossfade.api.plugin.Verdict#forward()} - unless the plugin says
 * the statement must not pass ({@link io.crossfade.api.plugin.Verdict#refuse}).
 */
@NullMarked
package io.crossfade.api.plugin;

import org.jspecify.annotations.NullMarked;
