/**
 * What MySQL would make of rows already read: conditions, order, page and text of the result. Pure.
 */
@NullMarked
package io.crossfade.readswitch.rows;

import org.jspecify.annotations.NullMarked;
