/**
 * Which keys and ranges of the watched tables may have changed: marked durably before MySQL can
 * commit the change, held while its transaction may be open, removed only after a re-read that
 * began later. Knows neither MySQL nor HBase.
 */
@NullMarked
package io.crossfade.dualwrite.dirty;

import org.jspecify.annotations.NullMarked;
