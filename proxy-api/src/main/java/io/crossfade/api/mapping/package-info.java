/**
 * One MySQL row &lt;-&gt; HBase row keys and cells, and primary keys &lt;-&gt; order-preserving
 * bytes. Shared by both plugins; knows no HBase class. Pure and thread-safe.
 */
@NullMarked
package io.crossfade.api.mapping;

import org.jspecify.annotations.NullMarked;
