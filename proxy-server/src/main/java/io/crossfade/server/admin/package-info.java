/**
 * The admin port: HTTP in, calls of {@link io.crossfade.server.admin.AdminBackend} out. Knows
 * nothing of the relay or of plugins; whatever a client sends, it answers and lives on.
 */
@NullMarked
package io.crossfade.server.admin;

import org.jspecify.annotations.NullMarked;
