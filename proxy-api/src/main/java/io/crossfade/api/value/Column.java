package io.crossfade.api.value;

/**
 * One column of a watched table.
 *
 * @param name as declared in MySQL (case kept; names compare case-insensitively)
 * @param type its type
 * @param nullable whether NULL is allowed
 * @param autoIncrement whether AUTO_INCREMENT supplies its value
 * @param generated whether it is a generated column
 */
public record Column(
    String name, ColumnType type, boolean nullable, boolean autoIncrement, boolean generated) {}
