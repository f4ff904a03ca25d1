/**
 * From a statement to dirty keys: what a command may change in the watched tables is marked before
 * MySQL can commit it, and the marks are released when its transaction is certainly over.
 */
@NullMarked
package io.crossfade.dualwrite.capture;

import org.jspecify.annotations.NullMarked;
