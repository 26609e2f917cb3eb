/**
 * The front door: takes bytes in over HTTP, decodes and admits events, appends them to the log, and
 * answers once they are kept.
 */
@NullMarked
package dev.leat.collector;

import org.jspecify.annotations.NullMarked;
