/**
 * The front door: bytes in over HTTP, events into the log, an answer when they are kept.
 *
 * <p>Read {@link dev.leat.collector.Collector} first: what happens to a request, whatever brought
 * it. {@link dev.leat.collector.EventsEndpoint} is the thin edge for HTTP.
 */
@NullMarked
package dev.leat.collector;

import org.jspecify.annotations.NullMarked;
