package io.crossfade.api.sql;

import io.crossfade.api.value.SqlValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One statement after lexing.
 *
 * @param template the text with literals lifted out; when the lexer had to stop, only what precedes
 *     that place, so that a template never carries a value
 * @param values one a {@code ?} of the template
 * @param opaque why the statement must not be parsed, or null
 * @param undivided the lexer stopped and more statements may follow unseen
 */
record Lexed(String template, List<SqlValue> values, @Nullable String opaque, boolean undivided) {}
