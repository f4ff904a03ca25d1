package io.crossfade.api.value;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** What is known of MySQL character sets and collations. */
final class Charsets {
  /** Those whose {@code _bin} collation orders by bytes and in which ASCII is ASCII. */
  private static final Set<String> BYTE_ORDERED =
      Set.of("utf8mb4", "utf8mb3", "utf8", "latin1", "ascii");

  private Charsets() {}

  static boolean isCharacter(ColumnType type) {
    return switch (type.kind()) {
      case CHAR, VARCHAR, TEXT -> true;
      default -> false;
    };
  }

  static boolean isBinary(ColumnType type) {
    return switch (type.kind()) {
      case BINARY, VARBINARY, BLOB -> true;
      default -> false;
    };
  }

  /** Whether a character column compares by the bytes of its characters. */
  static boolean isByteOrdered(ColumnType type) {
    return BYTE_ORDERED.contains(type.charset())
        && (type.collation().equals(type.charset() + "_bin") || !isPadded(type));
  }

  /** Whether trailing spaces do not count in comparisons (PAD SPACE). */
  static boolean isPadded(ColumnType type) {
    return !type.collation().equals("utf8mb4_0900_bin");
  }

  /** Whether the bytes are well-formed text of the column's character set. */
  static boolean isWellFormed(ColumnType type, byte[] text) {
    return switch (type.charset()) {
      case "utf8mb4", "utf8mb3", "utf8" -> isUtf8(text);
      case "ascii" -> isAscii(text);
      default -> true;
    };
  }

  static boolean isAscii(byte[] text) {
    for (byte b : text) {
      if (b < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isUtf8(byte[] text) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  static int lengthWithoutTrailingSpaces(byte[] text) {
    int length = text.length;
    while (length > 0 && text[length - 1] == ' ') {
      length--;
    }
    return length;
  }
}
