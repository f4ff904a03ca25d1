/**
 * SQL text -&gt; {@link io.crossfade.api.sql.Statement} (kind, tables, keys, order, limit) or
 * <em>opaque</em>. Pure and thread-safe; the only user of the SQL parser.
 *
 * <p>Two steps: a lexer lifts the literals out of the text and splits multi-statements; the
 * remaining template is parsed once and its analysis cached. What is not proven is opaque.
 */
@NullMarked
package io.crossfade.api.sql;

import org.jspecify.annotations.NullMarked;
