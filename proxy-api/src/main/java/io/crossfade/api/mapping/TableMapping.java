package io.crossfade.api.mapping;

import io.crossfade.api.sql.TableName;
import io.crossfade.api.value.SqlValue;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one watched table stands in HBase. Families are {@code i} (items; in a wide row also the
 * counter {@code n} in family {@code c}) and {@code o} (order entries). Every cell's timestamp is
 * the version V of the state it belongs to.
 */
public interface TableMapping {
  /** The MySQL table. */
  TableSchema schema();

  /** What the configuration says. */
  TableConfig config();

  /** Short for {@code schema().name()}. */
  default TableName table() {
    return schema().name();
  }

  // --- keys ---

  /** The key of a row. */
  Key key(Row row);

  /** The text forms of the primary key's columns, in key order. */
  byte[][] keyValues(Key key);

  /**
   * The key that these values (one per primary-key column, in key order) certainly address.
   *
   * @return empty when the canonical value is not certain (out of range, NULL, another type, …)
   */
  Optional<Key> key(List<SqlValue> values);

  /**
   * The range of all keys whose leading columns have these values; fewer values than key columns.
   *
   * @return empty when a canonical value is not certain
   */
  Optional<KeyRange> prefix(List<SqlValue> values);

  /** The list (row of a wide table) a key belongs to: the bytes of the leading list-key columns. */
  byte[] listOf(Key key);

  /**
   * The list that a range pins, if it lies within one.
   *
   * @return the list bytes as {@link #listOf} gives them
   */
  Optional<byte[]> listOf(KeyRange range);

  // --- HBase addresses ---

  /** Split points for {@code config().regions()} regions. */
  byte[][] splits();

  /** WIDE: the row of the list. TALL: the row of the item. */
  byte[] itemRow(Key key);

  /**
   * WIDE: the qualifier of the item's cell. TALL: the qualifier of the state cell. Family {@code
   * i}.
   */
  byte[] itemQualifier(Key key);

  /** The HBase row-key prefix under which all items of a list stand (WIDE: the row itself). */
  byte[] listRow(byte[] list);

  /** The key that an item's address stands for. */
  Key keyOf(byte[] hbaseRow, byte[] qualifier);

  // --- items ---

  /** Value of the state cell of a deleted item. */
  byte[] deleted();

  /** WIDE: the item's cell value (state and all non-key columns). TALL: the state cell's value. */
  byte[] itemValue(Row row);

  /** Whether the value of an item or state cell says the item exists. */
  boolean isLive(byte[] itemValue);

  /**
   * TALL: the cells of the non-key columns, qualifier and value; a null value means SQL NULL (no
   * cell). WIDE: empty.
   */
  List<Cell> columnCells(Row row);

  /** WIDE: the row of an item's cell. */
  Row row(Key key, byte[] itemValue);

  /**
   * TALL: the row from the item's column cells.
   *
   * @param value the value of a qualifier in family {@code i}, null when there is no cell
   */
  Row row(Key key, java.util.function.Function<byte[], byte @Nullable []> value);

  /** A qualifier and its value in family {@code i}. */
  record Cell(byte[] qualifier, byte @Nullable [] value) {}

  // --- order entries ---

  /**
   * The address of the row's entry in an order. WIDE: row = the list's row, qualifier in family
   * {@code o}. TALL: a row of its own (never equal to or between item rows of a list's prefix
   * scan), qualifier fixed, family {@code o}.
   */
  Address orderEntry(int order, Row row);

  /** The value of an order entry: everything needed to rebuild the row. */
  byte[] orderValue(Row row);

  /** The key of the item that an order entry stands for. */
  Key orderedKey(Address address);

  /** The row that an order entry stands for. */
  Row orderedRow(Address address, byte[] orderValue);

  /**
   * Where the entries of one list in one order begin: WIDE: qualifier prefix; TALL: row prefix.
   * Byte order of what follows is the order declared.
   */
  byte[] orderPrefix(int order, byte[] list);

  /** An HBase row and qualifier. */
  record Address(byte[] row, byte[] qualifier) {}

  // --- reading MySQL ---

  /**
   * The select list that reads each column's text form exactly, comma-separated, in schema order;
   * column names quoted. To be run with {@code time_zone='+00:00'} and {@code
   * character_set_results=NULL}.
   */
  String selectList();

  /** {@code (`a`,`b`)}-style quoted primary-key columns without parentheses: {@code `a`,`b`}. */
  String keyColumns();

  /**
   * {@code WHERE} text with a {@code ?}-free literal form of a key's columns, for the re-reader.
   */
  String keyPredicate(List<Key> keys);

  /** {@code WHERE} text (without the word) that selects exactly the keys of {@code range}. */
  String rangePredicate(KeyRange range);
}
