/**
 * A full comparison of MySQL and HBase that shares no code with the product: it reads the cells as
 * {@code docs/hbase-format.md} describes them.
 */
@NullMarked
package io.crossfade.sandbox.compare;

import org.jspecify.annotations.NullMarked;
