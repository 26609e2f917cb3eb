/** When it happens: shards, workers, checkpoints, back-pressure and replay. */
@NullMarked
package dev.leat.engine;

import org.jspecify.annotations.NullMarked;
