/**
 * The vocabulary of the house: what an event is, how it lies in bytes, and what the rooms promise
 * each other.
 *
 * <p>Read {@link dev.leat.event.EventLayout} first for the bytes, then the two promises {@link
 * dev.leat.event.EventLog} and {@link dev.leat.event.EventStore}. Nothing here reads a clock, opens
 * a thread or depends on a third party.
 */
@NullMarked
package dev.leat.event;

import org.jspecify.annotations.NullMarked;
