package io.crossfade.dualwrite.capture;

import io.crossfade.api.sql.SqlAnalyzer.Analyzed;
import org.jspecify.annotations.Nullable;

/**
 * A mark and the statement it is for.
 *
 * @param statement null when the command could not be read
 */
record Planned(@Nullable Analyzed statement, Mark mark) {}
