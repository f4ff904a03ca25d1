package io.crossfade.readswitch.plan;

import io.crossfade.api.mapping.KeyRange;
import io.crossfade.readswitch.hbase.HBaseRead;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A SELECT that HBase may answer.
 *
 * @param ranges all keys whose rows decide the result
 * @param lists the lists they belong to, as {@code TableMapping.listOf} gives them
 * @param read what to read
 * @param columns the result's columns as positions in the schema; empty for {@code COUNT(*)}
 */
public record ReadPlan(
    List<KeyRange> ranges, List<ByteBuffer> lists, HBaseRead read, List<Integer> columns) {}
