package io.crossfade.api.mapping;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One HBase row per list: hash, list; one column per item, one per item and declared order. */
final class WideMapping extends AbstractMapping {
  WideMapping(TableSchema schema, TableConfig config) {
    super(schema, config);
  }

  @Override
  public byte[] itemRow(Key key) {
    return listRow(listOf(key));
  }

  @Override
  public byte[] itemQualifier(Key key) {
    return from(key.bytes(), listOf(key).length);
  }

  @Override
  public byte[] listRow(byte[] list) {
    return concat(hash(list), list);
  }

  @Override
  public Key keyOf(byte[] hbaseRow, byte[] qualifier) {
    return new Key(concat(from(hbaseRow, HASH_BYTES), qualifier));
  }

  @Override
  public byte[] itemValue(Row row) {
    return rows.encode(row);
  }

  @Override
  public List<Cell> columnCells(Row row) {
    return List.of();
  }

  @Override
  public Row row(Key key, byte[] itemValue) {
    return rows.decode(key, itemValue);
  }

  @Override
  public Row row(Key key, Function<byte[], byte @Nullable []> value) {
    throw new UnsupportedOperationException("a wide item is one cell: use row(Key, byte[])");
  }

  @Override
  public Address orderEntry(int order, Row row) {
    Key key = key(row);
    byte[] list = listOf(key);
    byte[] qualifier =
        concat(orderPrefix(order, list), order(order).encode(row), itemQualifier(key));
    return new Address(listRow(list), qualifier);
  }

  @Override
  public Key orderedKey(Address address) {
    int rest = order(address.qualifier()[0] & 0xFF).end(address.qualifier(), 1);
    return keyOf(address.row(), from(address.qualifier(), rest));
  }

  @Override
  public Row orderedRow(Address address, byte[] orderValue) {
    return rows.decode(orderedKey(address), orderValue);
  }

  @Override
  public byte[] orderPrefix(int order, byte[] list) {
    return new byte[] {(byte) order};
  }
}
