/** The stages of a table's migration, their gates, and the report of what happened. */
@NullMarked
package io.crossfade.dualwrite.stage;

import org.jspecify.annotations.NullMarked;
