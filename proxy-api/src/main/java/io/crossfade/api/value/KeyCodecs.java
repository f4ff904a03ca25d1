package io.crossfade.api.value;

import java.util.Optional;

/** Which codec a column type has as part of a primary key or of a declared order. */
public final class KeyCodecs {
  private KeyCodecs() {}

  /**
   * The codec of a primary-key column.
   *
   * @return empty when MySQL's order or equality of the type is not that of bytes: {@link
   *     #describe} says which type that is
   */
  public static Optional<KeyCodec> forKey(ColumnType type) {
    return switch (type.kind()) {
      case TINYINT, SMALLINT, MEDIUMINT, INT, BIGINT, YEAR -> Optional.of(new IntegerKey(type));
      case DATE, DATETIME, TIMESTAMP -> Optional.of(new TemporalKey(type));
      case BINARY, VARBINARY -> Optional.of(new BytesKey());
      case CHAR, VARCHAR -> character(type);
      case FLOAT, DOUBLE, DECIMAL, BIT, TIME, TEXT, BLOB, ENUM, SET, JSON -> Optional.empty();
    };
  }

  /** The codec of a column of a declared order: those of keys and the remaining numbers. */
  public static Optional<OrderCodec> forOrder(ColumnType type) {
    return switch (type.kind()) {
      case DECIMAL -> Optional.of(new DecimalOrder(type.scale()));
      case FLOAT, DOUBLE -> Optional.of(new DoubleOrder());
      case TIME -> Optional.of(new TimeOrder());
      default -> forKey(type).map(c -> c);
    };
  }

  /** A type as a message names it: kind, and collation where there is one. */
  public static String describe(ColumnType type) {
    return type.collation().isEmpty()
        ? type.kind().toString()
        : type.kind() + " with collation " + type.collation();
  }

  private static Optional<KeyCodec> character(ColumnType type) {
    if (!Charsets.isByteOrdered(type)) {
      return Optional.empty();
    }
    boolean char0 = type.kind() == ColumnType.Kind.CHAR;
    return Optional.of(Charsets.isPadded(type) ? new PaddedKey(char0) : new BytesKey());
  }
}
