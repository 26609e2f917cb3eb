package dev.leat.engine;

import java.util.List;

/**
 * What the state learned between two cuts: made by the thread that processes, written by the one
 * that commits.
 *
 * @param number counts from 1
 * @param nowMicros how far log time had come
 */
record StateCut(long number, long nowMicros, List<Section> sections) {
  StateCut {
    sections = List.copyOf(sections);
  }

  /** What one bucket of an index learned, in the order in which it did. */
  record Section(long windowMicros, long bucket, Additions additions) {
    boolean versioned() {
      return windowMicros == StateIndex.ENTITIES;
    }
  }
}
