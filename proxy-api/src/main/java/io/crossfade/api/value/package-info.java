/**
 * One MySQL column type &lt;-&gt; its forms: the text-protocol bytes MySQL sends, the
 * binary-protocol bytes, and the canonical text of a literal or parameter. Pure; every class is
 * immutable and thread-safe.
 *
 * <p>The common currency is a value's <em>text form</em>: the bytes MySQL's text protocol sends for
 * it (SQL NULL is Java {@code null}), with TIMESTAMP in UTC.
 */
@NullMarked
package io.crossfade.api.value;

import org.jspecify.annotations.NullMarked;
