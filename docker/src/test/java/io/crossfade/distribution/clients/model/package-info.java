/** Entities of an application that keeps followers. */
@NullMarked
package io.crossfade.distribution.clients.model;

import org.jspecify.annotations.NullMarked;
