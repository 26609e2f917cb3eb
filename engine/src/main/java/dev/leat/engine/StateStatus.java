package dev.leat.engine;

/**
 * How the state is.
 *
 * @param entries ids and entities remembered; an entity may count several times until its runs are
 *     merged
 * @param fileBytes of the files at work; those that older commits keep come on top
 * @param filterBytes memory outside the heap
 * @param failure why the background work fails at present; empty if it does not
 */
public record StateStatus(
    long entries, int runs, int deltas, long fileBytes, long filterBytes, String failure) {}
