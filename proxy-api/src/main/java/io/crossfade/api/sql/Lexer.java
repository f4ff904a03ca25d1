package io.crossfade.api.sql;

import io.crossfade.api.value.SqlValue;
import io.crossfade.api.value.SqlValue.Form;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Divides SQL text into statements and lifts their literals out. Follows MySQL's own lexer
 * (sql/sql_lex.cc); where its reading is not certain it marks the statement opaque: it goes on when
 * the statement's end is certain, and stops when it is not.
 *
 * <p>A comment becomes one space, so that tracing comments do not make templates. A minus that can
 * only be a sign is folded into its number.
 */
final class Lexer {
  private static final int MAX_DEPTH = 100;

  /** What stands before the current place. */
  private enum Before {
    START,
    OPERATOR,
    OPERAND,
    KEYWORD
  }

  private final byte[] sql;
  private final SqlMode mode;
  private final boolean prepared;
  private final List<Lexed> statements = new ArrayList<>();
  private final TemplateBuilder out = new TemplateBuilder();
  private int at;

  private Before before = Before.START;
  private String keyword = "";
  private boolean limit;
  private boolean definition;
  private boolean routine;
  private int depth;

  private Lexer(byte[] sql, SqlMode mode, boolean prepared) {
    this.sql = sql;
    this.mode = mode;
    this.prepared = prepared;
  }

  /** The statements of {@code sql}, possibly none. */
  static List<Lexed> lex(byte[] sql, SqlMode mode, boolean prepared) {
    return new Lexer(sql, mode, prepared).run();
  }

  private List<Lexed> run() {
    while (at < sql.length) {
      step(sql[at]);
    }
    finish(false);
    return statements;
  }

  private void step(byte b) {
    if (Ascii.isSpace(b)) {
      blank(b);
      at++;
    } else if (b == '/' && Ascii.is(sql, at + 1, '*')) {
      blockComment();
    } else if (Ascii.skipComment(sql, at) != at) {
      at = Ascii.skipComment(sql, at);
      blank((byte) ' ');
    } else if (b == '\'' || b == '"') {
      quote(b);
    } else if (b == '`') {
      quotedIdentifier(b);
    } else if (Ascii.isDigit(b)) {
      number(false);
    } else if (Ascii.isIdentifier(b)) {
      word();
    } else {
      punctuation(b);
    }
  }

  private void blank(byte b) {
    if (out.last() >= 0) {
      out.emit(b);
    }
  }

  private void blockComment() {
    if (Ascii.isVersionComment(sql, at)) {
      stop("version-comment");
      return;
    }
    int end = Ascii.skipComment(sql, at);
    if (end == at) {
      stop("lexer");
    } else if (Ascii.is(sql, at + 2, '+')
        && before == Before.KEYWORD
        && Keywords.takesHint(keyword)) {
      hint(end);
    } else {
      at = end;
      blank((byte) ' ');
    }
  }

  private void hint(int end) {
    for (int i = at; i < end; i++) {
      byte b = sql[i];
      if (b == '\'' || b == '"' || b == '`' || b < 0) {
        out.refuse("hint");
      }
    }
    if (!out.refused()) {
      out.copy(sql, at, end);
    }
    at = end;
  }

  private void quote(byte b) {
    if (b == '"' && !mode.known()) {
      stop("quotes");
    } else if (b == '"' && mode.ansiQuotes()) {
      out.refuse("quotes");
      quotedIdentifier(b);
    } else {
      byte[] text = strings();
      if (text != null) {
        literal(new SqlValue(Form.STRING, text));
      }
    }
  }

  /** Reads a string and its adjacent continuations; null when the lexer stopped. */
  private byte @Nullable [] strings() {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    int next = at;
    while (next < sql.length && isString(sql[next])) {
      at = next;
      if (!string(text)) {
        return null;
      }
      next = skipBlanks(at);
    }
    return text.toByteArray();
  }

  private boolean isString(byte b) {
    return b == '\'' || (b == '"' && mode.known() && !mode.ansiQuotes());
  }

  private int skipBlanks(int from) {
    int i = from;
    while (i < sql.length) {
      int after = Ascii.isSpace(sql[i]) ? i + 1 : Ascii.skipComment(sql, i);
      if (after == i) {
        break;
      }
      i = after;
    }
    return i;
  }

  private boolean string(ByteArrayOutputStream text) {
    byte quote = sql[at++];
    while (at < sql.length) {
      byte b = sql[at++];
      if (b == quote) {
        if (!Ascii.is(sql, at, (char) quote)) {
          return true;
        }
        at++;
        text.write(quote);
      } else if (b == '\\' && !mode.known()) {
        stop("quotes");
        return false;
      } else if (b == '\\' && !mode.noBackslashEscapes()) {
        if (at < sql.length) {
          Literals.unescape(sql[at++], text);
        }
      } else {
        text.write(b);
      }
    }
    stop("lexer");
    return false;
  }

  private void quotedIdentifier(byte quote) {
    int start = at++;
    while (at < sql.length && (sql[at] != quote || Ascii.is(sql, at + 1, (char) quote))) {
      if (sql[at] == quote) {
        out.refuse("identifier");
        at++;
      } else if (sql[at] == 0) {
        out.refuse("identifier");
      } else if (sql[at] < 0 && !mode.known()) {
        // In some character sets a quote may be the second byte of a character.
        stop("non-ascii");
        return;
      }
      at++;
    }
    if (at >= sql.length) {
      at = start;
      stop("lexer");
      return;
    }
    at++;
    out.copy(sql, start, at);
    operand();
    if (Ascii.is(sql, at, '.') && at + 1 < sql.length && Ascii.isDigit(sql[at + 1])) {
      out.refuse("identifier");
    }
  }

  private void word() {
    int start = at;
    boolean qualified = out.last() == '.' || out.last() == '@';
    while (at < sql.length && Ascii.isIdentifier(sql[at])) {
      if (sql[at] < 0) {
        out.refuse("non-ascii");
        if (!mode.known()) {
          // In some character sets a quote may be the second byte of a character.
          stop("non-ascii");
          return;
        }
      }
      at++;
    }
    if (!qualified && literalPrefix(start)) {
      return;
    }
    out.copy(sql, start, at);
    String found = qualified ? "" : Keywords.at(sql, start, at);
    if (before == Before.START) {
      definition = found.equals("CREATE") || found.equals("ALTER");
    }
    routine |= definition && Keywords.isRoutine(found);
    boolean name = dotted() || found.isEmpty();
    keyword = name ? "" : found;
    limit = keyword.equals("LIMIT") || keyword.equals("OFFSET");
    before = name ? Before.OPERAND : Before.KEYWORD;
  }

  /** Takes what is joined to a name by points; for MySQL no blank may follow such a point. */
  private boolean dotted() {
    int start = at;
    while (Ascii.is(sql, at, '.') && at + 1 < sql.length && Ascii.isIdentifier(sql[at + 1])) {
      if (Ascii.isDigit(sql[at + 1])) {
        out.refuse("identifier");
      }
      at++;
      while (at < sql.length && Ascii.isIdentifier(sql[at])) {
        if (sql[at] < 0) {
          out.refuse("non-ascii");
        }
        at++;
      }
    }
    out.copy(sql, start, at);
    return at > start;
  }

  /** Takes a word that belongs to the string behind it; false when it is an ordinary word. */
  private boolean literalPrefix(int start) {
    int end = at;
    int length = end - start;
    char first = (char) (sql[start] & 0xFF);
    if (length == 1 && Ascii.is(sql, end, '\'') && "xXbBnN".indexOf(first) >= 0) {
      return quotedLiteral(first);
    }
    if (first == '_') {
      String charset =
          new String(sql, start + 1, Math.min(length - 1, 16), StandardCharsets.ISO_8859_1)
              .toLowerCase(Locale.ROOT);
      if (Literals.isCharset(charset)) {
        return introducer(charset);
      }
    }
    String type = Keywords.at(sql, start, end);
    if (!Keywords.isTemporal(type)) {
      return false;
    }
    int next = skipBlanks(end);
    if (next >= sql.length || !isString(sql[next])) {
      return false;
    }
    at = next;
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    if (string(text)) {
      literal(Literals.temporal(type, text.toByteArray()));
    }
    return true;
  }

  private boolean quotedLiteral(char type) {
    if (type == 'n' || type == 'N') {
      byte[] text = strings();
      if (text != null) {
        literal(Literals.introduced(null, text));
      }
      return true;
    }
    boolean hex = type == 'x' || type == 'X';
    int start = at + 1;
    int end = start;
    while (end < sql.length && (hex ? Ascii.isHex(sql[end]) : sql[end] == '0' || sql[end] == '1')) {
      end++;
    }
    if (!Ascii.is(sql, end, '\'') || (hex && (end - start) % 2 != 0)) {
      stop("lexer");
      return true;
    }
    at = end + 1;
    literal(hex ? Literals.hex(sql, start, end) : Literals.bits(sql, start, end));
    return true;
  }

  private boolean introducer(String charset) {
    int next = skipBlanks(at);
    if (next >= sql.length || !isString(sql[next])) {
      out.refuse("introducer");
      return false;
    }
    at = next;
    byte[] text = strings();
    if (text != null) {
      literal(Literals.introduced(charset, text));
    }
    return true;
  }

  private void number(boolean negative) {
    int start = at;
    NumberScan scan = NumberScan.scan(sql, start);
    if (negative && (scan.kind() == NumberScan.Kind.HEX || scan.kind() == NumberScan.Kind.BITS)) {
      out.emit((byte) '-');
    }
    at = scan.end();
    switch (scan.kind()) {
      case IDENTIFIER -> {
        if (negative) {
          out.emit((byte) '-');
        }
        out.refuse("identifier");
        at = start;
        word();
      }
      case HEX -> literal(Literals.hex(sql, start + 2, at));
      case BITS -> literal(Literals.bits(sql, start + 2, at));
      case INTEGER -> literal(numeric(Form.INTEGER, negative, start));
      case DECIMAL -> literal(numeric(Form.DECIMAL, negative, start));
      case APPROXIMATE -> literal(numeric(Form.APPROXIMATE, negative, start));
      case BROKEN -> stop("lexer");
    }
  }

  private SqlValue numeric(Form form, boolean negative, int start) {
    int sign = negative ? 1 : 0;
    byte[] text = new byte[sign + at - start];
    text[0] = '-';
    System.arraycopy(sql, start, text, sign, at - start);
    return new SqlValue(form, text);
  }

  private void literal(SqlValue value) {
    if (limit && value != SqlAnalyzer.Analyzed.PARAMETER && value.form() != Form.INTEGER) {
      out.refuse("limit");
    }
    out.value(value);
    before = Before.OPERAND;
    if (at < sql.length && Ascii.isIdentifier(sql[at])) {
      out.refuse("lexer");
    }
  }

  private void operand() {
    before = Before.OPERAND;
    limit = false;
  }

  private void punctuation(byte b) {
    switch (b) {
      case ';' -> {
        at++;
        if (routine) {
          out.refuse("routine");
          out.emit(b);
        } else {
          finish(false);
        }
      }
      case '?' -> parameter();
      case '-' -> minus();
      case '.' -> {
        if (at + 1 < sql.length && Ascii.isDigit(sql[at + 1])) {
          number(false);
        } else {
          plain(b);
        }
      }
      case '@' -> variable();
      case '(' -> {
        if (++depth > MAX_DEPTH) {
          out.refuse("depth");
        }
        plain(b);
      }
      case ')' -> {
        depth--;
        plain(b);
        operand();
      }
      case ',' -> {
        boolean inLimit = limit;
        plain(b);
        limit = inLimit;
      }
      case '|', '&' -> {
        // Druid has operators ?| and ?& of another database.
        if (out.last() == '?' || (b == '|' && !mode.known())) {
          out.refuse("quotes");
        }
        plain(b);
      }
      case ':' -> {
        if (!Ascii.is(sql, at + 1, '=')) {
          out.refuse("lexer");
        }
        plain(b);
      }
      case '=', '<', '>', '!', '+', '*', '/', '%', '^', '~' -> plain(b);
      default -> stop("lexer");
    }
  }

  private void plain(byte b) {
    out.emit(b);
    at++;
    limit = false;
    before = Before.OPERATOR;
  }

  private void parameter() {
    if (prepared) {
      at++;
      literal(SqlAnalyzer.Analyzed.PARAMETER);
    } else {
      stop("parameter");
    }
  }

  private void minus() {
    boolean sign =
        before == Before.OPERATOR || (before == Before.KEYWORD && Keywords.beforeOperand(keyword));
    boolean digits =
        at + 1 < sql.length
            && (Ascii.isDigit(sql[at + 1])
                || (sql[at + 1] == '.' && at + 2 < sql.length && Ascii.isDigit(sql[at + 2])));
    if (sign && digits && !limit) {
      at++;
      number(true);
      return;
    }
    if (out.last() == '-') {
      // Two minus signs without a blank are a comment for the parser, not for MySQL.
      out.refuse("lexer");
    }
    plain((byte) '-');
  }

  private void variable() {
    int start = at;
    while (Ascii.is(sql, at, '@')) {
      at++;
    }
    if (at < sql.length && (sql[at] == '\'' || sql[at] == '"' || sql[at] == '`')) {
      stop("variable");
      return;
    }
    while (at < sql.length && (Ascii.isIdentifier(sql[at]) || sql[at] == '.')) {
      if (sql[at] < 0) {
        out.refuse("non-ascii");
        if (!mode.known()) {
          stop("non-ascii");
          return;
        }
      }
      at++;
    }
    out.copy(sql, start, at);
    operand();
  }

  /** The rest of the text cannot be read with certainty. */
  private void stop(String why) {
    out.refuse(why);
    boolean more = false;
    for (int i = at, semicolon = 0; i < sql.length && !more; i++) {
      more = semicolon > 0 && !Ascii.isSpace(sql[i]) && sql[i] != ';';
      semicolon += sql[i] == ';' ? 1 : 0;
    }
    at = sql.length;
    if (out.last() < 0) {
      out.emit((byte) ' ');
    }
    finish(more);
  }

  private void finish(boolean undivided) {
    if (out.last() >= 0) {
      statements.add(out.take(undivided));
    }
    before = Before.START;
    keyword = "";
    limit = false;
    definition = false;
    routine = false;
    depth = 0;
  }
}
