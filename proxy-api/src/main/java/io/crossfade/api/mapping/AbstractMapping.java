package io.crossfade.api.mapping;

import io.crossfade.api.value.Column;
import io.crossfade.api.value.SqlLiteral;
import io.crossfade.api.value.SqlValue;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What both layouts share: keys, SQL, the hash in front of a row key, the value of an item. */
abstract class AbstractMapping implements TableMapping {
  /** Bytes of hash in front of every row key. */
  static final int HASH_BYTES = 2;

  private final TableSchema schema;
  private final TableConfig config;
  private final KeyPredicates predicates;
  private final List<OrderLayout> orders;
  final KeyLayout keys;
  final RowCodec rows;

  AbstractMapping(TableSchema schema, TableConfig config) {
    this.schema = schema;
    this.config = config;
    this.keys = new KeyLayout(schema);
    this.rows = new RowCodec(schema, keys);
    this.predicates = new KeyPredicates(keys);
    this.orders = config.orders().stream().map(o -> new OrderLayout(schema, o)).toList();
  }

  @Override
  public final TableSchema schema() {
    return schema;
  }

  @Override
  public final TableConfig config() {
    return config;
  }

  @Override
  public final Key key(Row row) {
    return new Key(keys.encode(row));
  }

  @Override
  public final byte[][] keyValues(Key key) {
    return keys.decode(key.bytes());
  }

  @Override
  public final Optional<Key> key(List<SqlValue> values) {
    if (values.size() != keys.size()) {
      throw new IllegalArgumentException(
          values.size() + " values for a key of " + keys.size() + " columns");
    }
    return keys.encode(values).map(Key::new);
  }

  @Override
  public final Optional<KeyRange> prefix(List<SqlValue> values) {
    if (values.size() >= keys.size()) {
      throw new IllegalArgumentException(
          values.size() + " values for a prefix of a key of " + keys.size() + " columns");
    }
    return keys.encode(values).map(b -> b.length == 0 ? KeyRange.ALL : KeyRange.prefix(b));
  }

  @Override
  public final byte[] listOf(Key key) {
    return keys.leading(key.bytes(), listColumns());
  }

  @Override
  public final Optional<byte[]> listOf(KeyRange range) {
    return keys.leadingOfBound(range.from(), listColumns())
        .filter(list -> endsWithin(range, KeyRange.prefix(list)));
  }

  private static boolean endsWithin(KeyRange range, KeyRange list) {
    return list.to().length == 0
        || (range.to().length > 0 && Arrays.compareUnsigned(range.to(), list.to()) <= 0);
  }

  private int listColumns() {
    return config.listKey().size();
  }

  @Override
  public final byte[][] splits() {
    int regions = config.regions();
    byte[][] splits = new byte[regions - 1][];
    for (int i = 1; i < regions; i++) {
      int at = (int) ((long) i * (1 << 8 * HASH_BYTES) / regions);
      splits[i - 1] = new byte[] {(byte) (at >> 8), (byte) at};
    }
    return splits;
  }

  @Override
  public final byte[] deleted() {
    return new byte[] {RowCodec.DELETED};
  }

  @Override
  public final boolean isLive(byte[] itemValue) {
    return itemValue.length > 0 && itemValue[0] == RowCodec.LIVE;
  }

  @Override
  public final byte[] orderValue(Row row) {
    return rows.encode(row);
  }

  @Override
  public final String selectList() {
    return schema.columns().stream().map(this::selectItem).collect(Collectors.joining(","));
  }

  /**
   * Everything but strings is cast to its text by MySQL itself: drivers take such values apart and
   * put them together again, with other digits. A FLOAT as the text protocol sends it has lost
   * digits; as a DOUBLE it has all of them.
   */
  private String selectItem(Column column) {
    String name = SqlLiteral.quote(column.name());
    return switch (column.type().kind()) {
      case CHAR, VARCHAR, BINARY, VARBINARY, TEXT, BLOB, BIT, ENUM, SET -> name;
      case FLOAT -> "CAST((" + name + " + 0e0) AS CHAR)";
      case TINYINT,
          SMALLINT,
          MEDIUMINT,
          INT,
          BIGINT,
          YEAR,
          DOUBLE,
          DECIMAL,
          DATE,
          TIME,
          DATETIME,
          TIMESTAMP,
          JSON ->
          "CAST(" + name + " AS CHAR)";
    };
  }

  @Override
  public final String keyColumns() {
    return schema.primaryKey().stream()
        .map(i -> SqlLiteral.quote(schema.columns().get(i).name()))
        .collect(Collectors.joining(","));
  }

  @Override
  public final String keyPredicate(List<Key> keyList) {
    return predicates.keys(keyList);
  }

  @Override
  public final String rangePredicate(KeyRange range) {
    return predicates.range(range);
  }

  final OrderLayout order(int index) {
    return orders.get(index);
  }

  /** The two bytes of hash of a list. */
  static byte[] hash(byte[] list) {
    int hash = Murmur3.hash(list);
    return new byte[] {(byte) (hash >> 24), (byte) (hash >> 16)};
  }

  static byte[] concat(byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  static byte[] from(byte[] bytes, int offset) {
    if (bytes.length < offset) {
      throw new IllegalArgumentException("an address cut short");
    }
    return Arrays.copyOfRange(bytes, offset, bytes.length);
  }
}
