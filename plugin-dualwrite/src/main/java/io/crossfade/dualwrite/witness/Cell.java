package io.crossfade.dualwrite.witness;

/**
 * How many bytes a column's value takes in a row image, by type code and metadata. See
 * "Table_map_event" and {@code calc_field_size} in MySQL's source.
 */
final class Cell {
  static final int TINY = 1;
  static final int SHORT = 2;
  static final int LONG = 3;
  static final int LONGLONG = 8;
  static final int INT24 = 9;
  static final int DATE = 10;
  static final int YEAR = 13;
  static final int VARCHAR = 15;
  static final int TIMESTAMP2 = 17;
  static final int DATETIME2 = 18;
  static final int STRING = 254;

  private static final int FLOAT = 4;
  private static final int DOUBLE = 5;
  private static final int BIT = 16;
  private static final int TIME2 = 19;
  private static final int VECTOR = 242;
  private static final int JSON = 245;
  private static final int NEWDECIMAL = 246;
  private static final int ENUM = 247;
  private static final int SET = 248;
  private static final int TINY_BLOB = 249;
  private static final int BLOB = 252;
  private static final int VAR_STRING = 253;
  private static final int GEOMETRY = 255;

  /** Bytes that so many decimal digits take. */
  private static final int[] DIGIT_BYTES = {0, 1, 1, 2, 2, 3, 3, 4, 4, 4};

  private static final int DIGITS_PER_WORD = 9;

  private Cell() {}

  /** How many bytes of metadata a TABLE_MAP has for a type; -1 for a type that is not known. */
  static int metadataWidth(int type) {
    return switch (type) {
      case TINY, SHORT, LONG, LONGLONG, INT24, DATE, YEAR -> 0;
      case FLOAT, DOUBLE, JSON, GEOMETRY, VECTOR, TIMESTAMP2, DATETIME2, TIME2 -> 1;
      case VARCHAR, BIT, NEWDECIMAL, ENUM, SET, STRING, VAR_STRING -> 2;
      default -> type >= TINY_BLOB && type <= BLOB ? 1 : -1;
    };
  }

  /** Whether the metadata are the real type, then the length. */
  static boolean isString(int type) {
    return type == STRING || type == ENUM || type == SET || type == VAR_STRING;
  }

  /** Passes over a value. */
  static void skip(int type, int meta, Bytes in) {
    in.skip(length(type, meta, in));
  }

  /**
   * The length of the value that comes next; a length in front of it is read.
   *
   * @throws IllegalArgumentException when the type is not known
   */
  static int length(int type, int meta, Bytes in) {
    return switch (type) {
      case TINY, YEAR -> 1;
      case SHORT -> 2;
      case INT24, DATE -> 3;
      case LONG, FLOAT -> 4;
      case LONGLONG, DOUBLE -> 8;
      case TIMESTAMP2 -> 4 + fractionBytes(meta);
      case DATETIME2 -> 5 + fractionBytes(meta);
      case TIME2 -> 3 + fractionBytes(meta);
      case NEWDECIMAL -> decimal(meta & 0xFF, meta >> 8);
      case BIT -> (meta >> 8) + ((meta & 0xFF) + 7) / 8;
      case VARCHAR -> (int) in.little(meta > 0xFF ? 2 : 1);
      case STRING, ENUM, SET, VAR_STRING -> string(meta, in);
      case JSON, GEOMETRY, VECTOR, TINY_BLOB, 250, 251, BLOB -> (int) in.little(meta);
      default -> throw new IllegalArgumentException("a column of the unknown type " + type);
    };
  }

  static int fractionBytes(int digits) {
    return (digits + 1) / 2;
  }

  private static int decimal(int precision, int scale) {
    int whole = precision - scale;
    return whole / DIGITS_PER_WORD * 4
        + DIGIT_BYTES[whole % DIGITS_PER_WORD]
        + scale / DIGITS_PER_WORD * 4
        + DIGIT_BYTES[scale % DIGITS_PER_WORD];
  }

  /** ENUM, SET and CHAR share a code; two bits of a long CHAR's length hide in the real type. */
  private static int string(int meta, Bytes in) {
    int real = meta >> 8;
    int length = meta & 0xFF;
    if ((real & 0x30) != 0x30) {
      length |= ((real & 0x30) ^ 0x30) << 4;
      real |= 0x30;
    }
    if (real == ENUM || real == SET) {
      return length;
    }
    return (int) in.little(length > 0xFF ? 2 : 1);
  }
}
