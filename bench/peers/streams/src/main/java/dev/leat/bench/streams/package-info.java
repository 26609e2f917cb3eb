/** Part of the work of the shop as a Kafka Streams application. */
@NullMarked
package dev.leat.bench.streams;

import org.jspecify.annotations.NullMarked;
