package io.crossfade.server.session;

import io.crossfade.api.sql.SqlAnalyzer;
import io.crossfade.api.sql.Statement.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a text does, by its first word; without copying it where the word is a plain one. */
final class FirstWord {
  /** Letters of a word that {@link #packed} holds. */
  private static final int LONGEST = 8;

  private static final long SELECT = packed("SELECT");
  private static final long INSERT = packed("INSERT");
  private static final long REPLACE = packed("REPLACE");
  private static final long UPDATE = packed("UPDATE");
  private static final long DELETE = packed("DELETE");
  private static final long SET = packed("SET");
  private static final long COMMIT = packed("COMMIT");
  private static final long SHOW = packed("SHOW");

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
    Kind kind = plain(in, from, to);
    return kind != null ? kind : analyzer.firstWord(ByteBufUtil.getBytes(in, from, to - from));
  }

  /**
   * The kind of the text in {@code [from, to)} when it begins with one of the commonest words and a
   * space; else null. Allocates nothing.
   */
  static @Nullable Kind plain(ByteBuf in, int from, int to) {
    int at = from;
    while (at < to && isSpace(in.getByte(at))) {
      at++;
    }
    long word = 0;
    int end = at;
    for (; end < to; end++) {
      byte b = in.getByte(end);
      if (!isLetter(b)) {
        if (!isSpace(b)) {
          return null;
        }
        break;
      }
      if (end - at == LONGEST) {
        return null;
      }
      word = word << 8 | (b & ~0x20);
    }
    return kind(word);
  }

  private static @Nullable Kind kind(long word) {
    if (word == SELECT) {
      return Kind.SELECT;
    } else if (word == INSERT) {
      return Kind.INSERT;
    } else if (word == UPDATE) {
      return Kind.UPDATE;
    } else if (word == DELETE) {
      return Kind.DELETE;
    } else if (word == REPLACE) {
      return Kind.REPLACE;
    } else if (word == SET) {
      return Kind.SET;
    } else if (word == COMMIT) {
      return Kind.COMMIT;
    }
    return word == SHOW ? Kind.SHOW : null;
  }

  private static long packed(String word) {
    long packed = 0;
    for (int i = 0; i < word.length(); i++) {
      packed = packed << 8 | word.charAt(i);
    }
    return packed;
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

  private static boolean isLetter(byte b) {
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || (b >= '\t' && b <= '\r');
  }
}
