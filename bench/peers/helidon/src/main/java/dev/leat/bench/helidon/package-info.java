/** A server that answers and does nothing. */
@NullMarked
package dev.leat.bench.helidon;

import org.jspecify.annotations.NullMarked;
