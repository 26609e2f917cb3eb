/** The durable segmented log: append, force, read from a position, recover, retain. */
@NullMarked
package dev.leat.log;

import org.jspecify.annotations.NullMarked;
