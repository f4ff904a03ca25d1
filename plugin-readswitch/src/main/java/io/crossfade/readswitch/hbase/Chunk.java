package io.crossfade.readswitch.hbase;

import io.crossfade.api.mapping.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a list.
 *
 * @param rows its rows, in the order asked for
 * @param skipped how many rows at its start were counted but not read
 * @param examined how many cells or HBase rows it cost
 * @param next where to go on; null at the end of the list
 */
record Chunk(List<Row> rows, long skipped, int examined, byte @Nullable [] next) {}
