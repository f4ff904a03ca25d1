/**
 * The only code that writes to HBase: tables, guarded item writes, and the ledger of reserved
 * versions.
 */
@NullMarked
package io.crossfade.dualwrite.hbase;

import org.jspecify.annotations.NullMarked;
