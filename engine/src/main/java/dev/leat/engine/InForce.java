package dev.leat.engine;

/**
 * A definition and the first log offset it decides on.
 *
 * @param version counted from 1
 * @param definition as it was given to the engine
 */
@SuppressWarnings("ArrayRecordComponent") // Opaque bytes.
public record InForce(long from, long version, byte[] definition) {}
