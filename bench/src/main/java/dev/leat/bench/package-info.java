/** Leat beside its peers: the same events, the same questions, the same machine, one run. */
@NullMarked
package dev.leat.bench;

import org.jspecify.annotations.NullMarked;
