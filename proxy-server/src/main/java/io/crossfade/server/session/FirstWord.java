package io.crossfade.server.session;

import io.crossfade.api.sql.SqlAnalyzer;
import io.crossfade.api.sql.Statement.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** What a text does, by its first word; without copying it where the word is a plain one. */
final class FirstWord {
  private static final int LONGEST = 8;

  private static final Map<String, Kind> PLAIN =
      Map.ofEntries(
          Map.entry("SELECT", Kind.SELECT),
          Map.entry("INSERT", Kind.INSERT),
          Map.entry("REPLACE", Kind.REPLACE),
          Map.entry("UPDATE", Kind.UPDATE),
          Map.entry("DELETE", Kind.DELETE),
          Map.entry("SET", Kind.SET),
          Map.entry("COMMIT", Kind.COMMIT),
          Map.entry("SHOW", Kind.SHOW));

  private static final Set<Kind> REACHES_ANYTHING =
      EnumSet.of(Kind.CALL, Kind.EXECUTE, Kind.PREPARE, Kind.LOAD, Kind.LOCK, Kind.XA, Kind.OTHER);

  private static final Set<Kind> KEEPS_VARIABLES =
      EnumSet.of(
          Kind.SELECT,
          Kind.INSERT,
          Kind.REPLACE,
          Kind.UPDATE,
          Kind.DELETE,
          Kind.BEGIN,
          Kind.COMMIT,
          Kind.ROLLBACK,
          Kind.SAVEPOINT,
          Kind.SHOW,
          Kind.USE);

  private FirstWord() {}

  /** The kind of the text in {@code [from, to)}; OTHER when unsure. */
  static Kind of(ByteBuf in, int from, int to, SqlAnalyzer analyzer) {
    int at = from;
    while (at < to && isSpace(in.getByte(at))) {
      at++;
    }
    int end = at;
    while (end < to && end - at <= LONGEST && isLetter(in.getByte(end))) {
      end++;
    }
    if (end > at && (end == to || isSpace(in.getByte(end)))) {
      Kind kind = PLAIN.get(upper(in, at, end - at));
      if (kind != null) {
        return kind;
      }
    }
    return analyzer.firstWord(ByteBufUtil.getBytes(in, from, to - from));
  }

  /**
   * Whether a text of this kind may reach tables it does not name, or decides what later statements
   * may do with them.
   */
  static boolean reachesAnything(Kind kind) {
    return REACHES_ANYTHING.contains(kind);
  }

  /** Whether a text of this kind runs another one, which is not in it. */
  static boolean runsHiddenText(Kind kind) {
    return kind == Kind.CALL || kind == Kind.EXECUTE;
  }

  /**
   * Whether a statement of this kind leaves session variables alone. Known limit: a stored function
   * called by it may set some.
   */
  static boolean keepsVariables(Kind kind) {
    return KEEPS_VARIABLES.contains(kind);
  }

  private static String upper(ByteBuf in, int at, int length) {
    byte[] word = new byte[length];
    for (int i = 0; i < length; i++) {
      word[i] = (byte) (in.getByte(at + i) & ~0x20);
    }
    return new String(word, StandardCharsets.US_ASCII);
  }

  private static boolean isLetter(byte b) {
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || (b >= '\t' && b <= '\r');
  }
}
