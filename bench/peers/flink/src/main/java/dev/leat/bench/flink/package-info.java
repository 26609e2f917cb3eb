/** The work of the shop as a Flink job, written as one who knows Flink would. */
@NullMarked
package dev.leat.bench.flink;

import org.jspecify.annotations.NullMarked;
