package io.crossfade.server.protocol;

/** What the packets of an answer are. */
public enum AnswerShape {
  /** Nothing is answered. */
  NONE,
  /** One packet, whatever it is: OK, ERR, EOF or text. */
  ONE,
  /**
   * OK, ERR, LOCAL INFILE request, or a result set; more of them while MORE_RESULTS_EXIST is set.
   */
  RESULTS,
  /** Rows up to EOF, OK with header 0xFE, or ERR. */
  ROWS,
  /** Column definitions up to EOF, OK with header 0xFE, or ERR. */
  FIELDS,
  /** COM_STMT_PREPARE_OK with its definitions, or ERR. */
  PREPARE,
  /** A dialogue that ends with OK or ERR. */
  AUTHENTICATION,
  /** A stream that ends with EOF, ERR or the connection. */
  ENDLESS
}
