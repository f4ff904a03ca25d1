package io.crossfade.dualwrite.mysql;

/** What MySQL's OK says for certain of the AUTO_INCREMENT values that a plain INSERT got. */
public enum GeneratedKeys {
  /** Nothing: it is not known which triggers the table has. */
  UNCERTAIN,

  /** The value of an INSERT of one row. */
  SINGLE,

  /**
   * The values of an INSERT of any number of rows: they follow each other, because InnoDB reserves
   * them all at once. It does not when the statement locks other tables too (triggers, foreign
   * keys) nor in a partitioned table: then others may get numbers in between.
   */
  CONSECUTIVE
}
