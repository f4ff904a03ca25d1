/** Where a table stands between MySQL and HBase, and on which side of it a session falls. */
@NullMarked
package io.crossfade.readswitch.position;

import org.jspecify.annotations.NullMarked;
