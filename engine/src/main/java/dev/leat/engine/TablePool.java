package dev.leat.engine;

import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Memory of full tables that became runs, for the next tables of the index: a table takes tens of
 * megabytes, and to have them from the system anew each time costs more than what is done in them.
 * Any thread.
 */
final class TablePool {
  private static final int MOST = 1;

  private final int leastLength;

  // Guarded by this.
  private final ArrayDeque<long[]> free = new ArrayDeque<>();

  /** A pool that keeps no arrays shorter than these. */
  TablePool(int leastLength) {
    this.leastLength = leastLength;
  }

  /** Zeros, or null if there is nothing. */
  synchronized long @Nullable [] take() {
    return free.poll();
  }

  /** Takes what nobody reads or writes any more. */
  void give(long[] slots) {
    if (slots.length >= leastLength && wants()) {
      Arrays.fill(slots, 0);
      keep(slots);
    }
  }

  private synchronized boolean wants() {
    return free.size() < MOST;
  }

  private synchronized void keep(long[] slots) {
    free.add(slots);
  }
}
