/**
 * Reads MySQL's binlog beside the capture: compares what was changed with what the proxy's sessions
 * announced, marks what nobody announced, and tells who did it. Optional. The only user of the
 * binlog client; never writes to MySQL or HBase.
 */
@NullMarked
package io.crossfade.dualwrite.witness;

import org.jspecify.annotations.NullMarked;
