package io.crossfade.api.value;

/** An {@link OrderCodec} for a column of a primary key: it can be decoded and bounded. */
public interface KeyCodec extends OrderCodec {
  /** The text form encoded in {@code bytes[offset, end)}, {@code end} as {@link #end} gives it. */
  byte[] decode(byte[] bytes, int offset, int end);

  /**
   * Whether {@link #decode} restores every text form exactly (else only one that compares equal).
   */
  boolean restoresText();

  /**
   * Which values of the column have an encoding not below {@code bytes[offset, …)}, which may be
   * cut anywhere or be no encoding at all. At least one byte is left.
   *
   * @throws IllegalArgumentException when no comparison of values says that
   */
  Bound bound(byte[] bytes, int offset);

  /**
   * A set of values.
   *
   * @param kind how the set follows from the value
   * @param value a text form, or bytes to compare a text form with bytewise; empty for NONE
   * @param end for EXACT: where the encoding ends; else -1
   */
  record Bound(Kind kind, byte[] value, int end) {
    /** How a set of values follows from a value. */
    public enum Kind {
      /** The bytes start with the value's encoding: what follows it decides. */
      EXACT,
      /** The values not below it. */
      AT_LEAST,
      /** The values above it. */
      ABOVE,
      /** No value. */
      NONE
    }

    static Bound exact(byte[] value, int end) {
      return new Bound(Kind.EXACT, value, end);
    }

    static Bound atLeast(byte[] value) {
      return new Bound(Kind.AT_LEAST, value, -1);
    }

    static Bound above(byte[] value) {
      return new Bound(Kind.ABOVE, value, -1);
    }

    static Bound none() {
      return new Bound(Kind.NONE, new byte[0], -1);
    }
  }
}
