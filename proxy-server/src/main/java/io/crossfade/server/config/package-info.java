/**
 * {@code conf/crossfade.yaml} to typed, checked records: all problems at once, each with its line.
 * A plugin's section stays a raw tree until it is bound to the plugin's own record. Also the
 * reload: validate, compare, apply or refuse.
 */
@NullMarked
package io.crossfade.server.config;

import org.jspecify.annotations.NullMarked;
