package io.crossfade.dualwrite.hbase;

import io.crossfade.api.mapping.Key;
import java.util.List;
import java.util.Map;

/**
 * One HBase row as a scan saw it, a consistent snapshot of that row; or a piece of a wide one.
 *
 * @param row the row
 * @param items its items, deleted ones too; one in a tall table
 * @param strays WIDE: qualifiers of order entries that are not those of a live item with the same
 *     version, by the key they stand for
 * @param counter WIDE: the counter's value; 0 when there is none; in a row's last piece
 * @param drift WIDE: counter minus live items; 0 but in a row's last piece
 * @param end whether it is the row, or the last piece of it
 */
public record ScannedRow(
    byte[] row,
    Map<Key, StoredItem> items,
    Map<Key, List<byte[]>> strays,
    long counter,
    long drift,
    boolean end) {}
