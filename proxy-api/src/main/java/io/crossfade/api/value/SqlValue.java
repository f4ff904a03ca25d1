package io.crossfade.api.value;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A value that a statement carries: a literal of its text or a bound parameter.
 *
 * @param form how the value was written or bound
 * @param bytes the value's text, decoded (no quotes, no escapes; HEX and BIT as the bytes they
 *     denote); {@code null} only for NULL and UNKNOWN
 */
public record SqlValue(Form form, byte @Nullable [] bytes) {
  /** How the value was written (literal) or bound (parameter). */
  public enum Form {
    /** SQL NULL. */
    NULL,
    /** An optional sign and decimal digits. */
    INTEGER,
    /** Digits with a point. */
    DECIMAL,
    /** A number with an exponent, or a FLOAT/DOUBLE parameter. */
    APPROXIMATE,
    /** Characters in the session's client character set. */
    STRING,
    /** X'..', 0x.., b'..': binary bytes. */
    BINARY,
    /**
     * A DATE, DATETIME or TIMESTAMP parameter or literal: {@code YYYY-MM-DD[ hh:mm:ss[.ffffff]]}.
     */
    DATETIME,
    /** A TIME parameter or literal: {@code [-]hhh:mm:ss[.ffffff]}. */
    TIME,
    /** Not known to the proxy (long data, a type it cannot read). */
    UNKNOWN
  }

  /** SQL NULL. */
  public static final SqlValue NULL = new SqlValue(Form.NULL, null);

  /** A value the proxy cannot see. */
  public static final SqlValue UNKNOWN = new SqlValue(Form.UNKNOWN, null);

  /** A value of {@code form} written in ASCII. */
  public static SqlValue of(Form form, String ascii) {
    return new SqlValue(form, ascii.getBytes(StandardCharsets.US_ASCII));
  }

  /** Never the value itself: SQL values do not belong into logs. */
  @Override
  public String toString() {
    return "SqlValue[" + form + (bytes == null ? "" : ", " + bytes.length + " bytes") + "]";
  }
}
