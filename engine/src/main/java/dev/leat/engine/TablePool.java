package dev.leat.engine;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Memory of full tables that became runs, for the next tables of the index: a table takes tens of
 * megabytes, and to have them from the system anew each time costs more than what is done in them.
 * Any thread.
 */
final class TablePool {
  private static final int MOST = 1;

  private final int leastRoom;

  // Guarded by this.
  private final ArrayDeque<MemTable.Memory> free = new ArrayDeque<>();

  /** A pool that keeps no memory for fewer entries. */
  TablePool(int leastRoom) {
    this.leastRoom = leastRoom;
  }

  /** Memory of free slots, or null if there is nothing. */
  synchronized MemTable.@Nullable Memory take() {
    return free.poll();
  }

  /** Takes what nobody reads or writes any more. */
  void give(MemTable.Memory memory) {
    if (memory.room() >= leastRoom && wants()) {
      memory.clear();
      keep(memory);
    }
  }

  private synchronized boolean wants() {
    return free.size() < MOST;
  }

  private synchronized void keep(MemTable.Memory memory) {
    free.add(memory);
  }
}
