package io.crossfade.api.sql;

/**
 * The right-hand side of a comparison or assignment.
 *
 * @param kind what it is
 * @param index for VALUE: the position in the values of the statement (literals and client
 *     parameters in text order); else -1
 */
public record Operand(Kind kind, int index) {
  /** What stands there. */
  public enum Kind {
    /** A literal or a parameter: see {@link Statement#values} order. */
    VALUE,
    /** The keyword NULL. */
    NULL,
    /** The keyword DEFAULT. */
    DEFAULT,
    /** {@code VALUES(c)} of the same column, in ON DUPLICATE KEY UPDATE. */
    SAME,
    /** Anything else. */
    EXPRESSION
  }

  /** The keyword NULL. */
  public static final Operand NULL = new Operand(Kind.NULL, -1);

  /** The keyword DEFAULT. */
  public static final Operand DEFAULT = new Operand(Kind.DEFAULT, -1);

  /** Anything not understood. */
  public static final Operand EXPRESSION = new Operand(Kind.EXPRESSION, -1);

  /** {@code VALUES(c)}. */
  public static final Operand SAME = new Operand(Kind.SAME, -1);

  /** The {@code index}-th value of the statement. */
  public static Operand value(int index) {
    return new Operand(Kind.VALUE, index);
  }
}
