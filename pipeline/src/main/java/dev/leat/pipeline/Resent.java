package dev.leat.pipeline;

/**
 * Says that an event is a dead letter that was sent again.
 *
 * @param deadLetter the log offset of the dead letter
 * @param attempt how often the event has been tried, this time included; 2 for the first replay
 */
public record Resent(long deadLetter, int attempt) {}
