/** Tests of the binlog witness. */
@org.jspecify.annotations.NullMarked
package io.crossfade.dualwrite.witness;
