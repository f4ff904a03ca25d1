/** Reads rows of one watched table from HBase, in either layout. Asynchronous; never blocks. */
@NullMarked
package io.crossfade.readswitch.hbase;

import org.jspecify.annotations.NullMarked;
