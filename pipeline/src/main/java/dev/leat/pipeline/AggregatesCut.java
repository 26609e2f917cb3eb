package dev.leat.pipeline;

import java.util.List;

/**
 * What the metrics learned between two cuts: made by the thread that processes, written by the one
 * that commits. Immutable.
 *
 * @param number counts from 1 in the life of an {@link Aggregates}
 * @param header everything but the cells: watermarks, counters, what waits for a recomputation
 */
@SuppressWarnings("ArrayRecordComponent") // Opaque bytes, compared by nobody.
public record AggregatesCut(long number, byte[] header, List<BucketChange> changes) {
  public AggregatesCut {
    changes = List.copyOf(changes);
  }
}
