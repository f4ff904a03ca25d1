/** The application of the demo and of the end-to-end tests: a follower list under live traffic. */
@NullMarked
package io.crossfade.sandbox.workload;

import org.jspecify.annotations.NullMarked;
