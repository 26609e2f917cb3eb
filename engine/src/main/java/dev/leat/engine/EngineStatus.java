package dev.leat.engine;

/**
 * How an engine is doing.
 *
 * @param running whether events are being processed; false after a failure or a stop
 * @param detail in words for the operator; empty if all is well
 * @param processedOffset every event below it has become a row that queries see
 * @param lag durable events that have not yet
 * @param commits commits since the start
 * @param failedCommits commits since the start that failed; each was tried again
 * @param unreadableEvents events since the start whose data was not what they said; kept as bytes
 */
public record EngineStatus(
    boolean running,
    String detail,
    long processedOffset,
    long lag,
    long commits,
    long failedCommits,
    long unreadableEvents) {}
