/**
 * What MySQL's packets mean: one record per packet, with a static {@code decode} that has no side
 * effect, and where a command's answer ends. Knows no channel and no session.
 */
@NullMarked
package io.crossfade.server.protocol;

import org.jspecify.annotations.NullMarked;
