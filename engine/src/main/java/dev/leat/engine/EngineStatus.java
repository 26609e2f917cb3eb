package dev.leat.engine;

/**
 * How an engine is doing.
 *
 * @param running whether events are being processed; false after a failure or a stop
 * @param detail in words for the operator; empty if all is well
 * @param processedOffset everything below it was decided on, and queries see it
 * @param lag durable events that were not
 * @param commits commits since the start
 * @param failedCommits commits since the start that failed; each was tried again
 * @param definitionVersion of the definition in force
 * @param gap what does not add up in the balance; empty if all does
 * @param commitFailure why commits fail at present; empty if they do not
 */
public record EngineStatus(
    boolean running,
    String detail,
    long processedOffset,
    long lag,
    long commits,
    long failedCommits,
    long definitionVersion,
    String gap,
    String commitFailure) {}
