/**
 * What the mirror asks MySQL: schemas, who is alive, the clock, and rows by key or range. Text
 * protocol only, so that {@code getBytes} gives text forms. Knows neither HBase nor the dirty
 * store.
 */
@NullMarked
package io.crossfade.dualwrite.mysql;

import org.jspecify.annotations.NullMarked;
