package dev.leat.engine;

import java.io.IOException;

/**
 * Walks over entries in the unsigned order of their fingerprints, which are distinct. The fields
 * are those of the entry that {@link #next} came to. For one thread.
 */
abstract class EntryCursor {
  long high;
  long low;

  /** The position in the log that the entry came with. */
  long position;

  /** The version of an entity; means nothing in an index of ids. */
  long version;

  /** Goes to the next entry; false if there is none. */
  abstract boolean next() throws IOException;

  final boolean isBefore(EntryCursor other) {
    int order = Long.compareUnsigned(high, other.high);
    return order < 0 || (order == 0 && Long.compareUnsigned(low, other.low) < 0);
  }

  final boolean isSameAs(EntryCursor other) {
    return high == other.high && low == other.low;
  }

  final void copy(EntryCursor other) {
    high = other.high;
    low = other.low;
    position = other.position;
    version = other.version;
  }
}
