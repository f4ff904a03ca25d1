/**
 * What the mirror can do, and what it costs the application: {@code ./crossfade bench mirror}.
 * Figures come from one proxy that watches one table, with MySQL and HBase beside it.
 */
@NullMarked
package io.crossfade.bench.mirror;

import org.jspecify.annotations.NullMarked;
