/**
 * The house itself: command line, settings, wiring, start and stop in order, health, meters and
 * alerts.
 */
@NullMarked
package dev.leat.server;

import org.jspecify.annotations.NullMarked;
