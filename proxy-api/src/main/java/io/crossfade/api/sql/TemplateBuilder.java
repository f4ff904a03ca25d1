package io.crossfade.api.sql;

import io.crossfade.api.value.SqlValue;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the template and the values of one statement; a {@code ?} in it is always a value. */
final class TemplateBuilder {
  /** Longer templates are not worth a parse. */
  private static final int MAX_TEMPLATE = 1 << 22;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(128);
  private List<SqlValue> values = new ArrayList<>();
  private @Nullable String opaque;
  private int last = -1;
  private boolean nonAscii;

  /** The last byte, unsigned; -1 when there is none. */
  int last() {
    return last;
  }

  void emit(byte b) {
    nonAscii |= b < 0;
    last = b & 0xFF;
    if (out.size() < MAX_TEMPLATE) {
      out.write(b);
    } else {
      refuse("size");
    }
  }

  /** Copies a name, a variable or a hint. */
  void copy(byte[] sql, int start, int end) {
    for (int i = start; i < end; i++) {
      if (sql[i] == '?') {
        // Inside a name or a hint: it must not be taken for a value.
        refuse("identifier");
        emit((byte) '_');
      } else {
        emit(sql[i]);
      }
    }
  }

  void value(SqlValue value) {
    if (out.size() < MAX_TEMPLATE) {
      values.add(value);
    }
    emit((byte) '?');
  }

  /** Makes the statement opaque; the first reason stays. */
  void refuse(String why) {
    if (opaque == null) {
      opaque = why;
    }
  }

  boolean refused() {
    return opaque != null;
  }

  /** The statement; the builder is then empty. */
  Lexed take(boolean undivided) {
    String template = decode().strip();
    Lexed lexed = new Lexed(template, List.copyOf(values), opaque, undivided);
    out.reset();
    values = new ArrayList<>();
    opaque = null;
    last = -1;
    nonAscii = false;
    return lexed;
  }

  private String decode() {
    if (!nonAscii) {
      return out.toString(StandardCharsets.ISO_8859_1);
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(out.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      refuse("non-ascii");
      return out.toString(StandardCharsets.ISO_8859_1);
    }
  }
}
