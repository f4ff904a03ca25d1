package io.crossfade.api.mapping;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One HBase row per item: hash, kind 01, key. Order entries are rows of the same table: hash, kind
 * 02, list, order, order columns, rest of the key.
 */
final class TallMapping extends AbstractMapping {
  private static final byte ITEM = 1;
  private static final byte ORDER = 2;

  /** No column of MySQL has this name. */
  private static final byte[] STATE_QUALIFIER = {0};

  private static final byte[] LIVE_STATE = {RowCodec.LIVE};
  private static final int KEY_OFFSET = HASH_BYTES + 1;

  private final List<byte[]> qualifiers;

  TallMapping(TableSchema schema, TableConfig config) {
    super(schema, config);
    this.qualifiers =
        rows.stored().stream()
            .map(i -> rows.column(i).name().getBytes(StandardCharsets.UTF_8))
            .toList();
  }

  @Override
  public byte[] itemRow(Key key) {
    return address(listOf(key), ITEM, key.bytes());
  }

  @Override
  public byte[] itemQualifier(Key key) {
    return STATE_QUALIFIER.clone();
  }

  @Override
  public byte[] listRow(byte[] list) {
    return address(list, ITEM, list);
  }

  @Override
  public Key keyOf(byte[] hbaseRow, byte[] qualifier) {
    if (hbaseRow.length < KEY_OFFSET || hbaseRow[HASH_BYTES] != ITEM) {
      throw new IllegalArgumentException("not the row of an item");
    }
    return new Key(from(hbaseRow, KEY_OFFSET));
  }

  @Override
  public byte[] itemValue(Row row) {
    return LIVE_STATE.clone();
  }

  @Override
  public List<Cell> columnCells(Row row) {
    return IntStream.range(0, qualifiers.size())
        .mapToObj(i -> new Cell(qualifiers.get(i), rows.cell(row, rows.stored().get(i))))
        .toList();
  }

  @Override
  public Row row(Key key, byte[] itemValue) {
    throw new UnsupportedOperationException("a tall item has a cell a column: give a function");
  }

  @Override
  public Row row(Key key, Function<byte[], byte @Nullable []> value) {
    byte[] @Nullable [] values = rows.restore(key);
    for (int i = 0; i < qualifiers.size(); i++) {
      int position = rows.stored().get(i);
      values[position] = rows.text(position, value.apply(qualifiers.get(i)));
    }
    return new Row(values);
  }

  @Override
  public Address orderEntry(int order, Row row) {
    Key key = key(row);
    byte[] list = listOf(key);
    byte[] rest = from(key.bytes(), list.length);
    byte[] hbaseRow = concat(orderPrefix(order, list), order(order).encode(row), rest);
    return new Address(hbaseRow, STATE_QUALIFIER.clone());
  }

  @Override
  public Key orderedKey(Address address) {
    byte[] row = address.row();
    if (row.length < KEY_OFFSET || row[HASH_BYTES] != ORDER) {
      throw new IllegalArgumentException("not the row of an order entry");
    }
    byte[] entry = from(row, KEY_OFFSET);
    byte[] list = keys.leading(entry, config().listKey().size());
    int rest = order(entry[list.length] & 0xFF).end(entry, list.length + 1);
    return new Key(concat(list, from(entry, rest)));
  }

  @Override
  public Row orderedRow(Address address, byte[] orderValue) {
    return rows.decode(orderedKey(address), orderValue);
  }

  @Override
  public byte[] orderPrefix(int order, byte[] list) {
    return concat(address(list, ORDER, list), new byte[] {(byte) order});
  }

  private static byte[] address(byte[] list, byte kind, byte[] rest) {
    return concat(hash(list), new byte[] {kind}, rest);
  }
}
