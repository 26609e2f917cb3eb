package dev.leat.collector;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * Things that are lent for a while because making them costs more. Last in, first out: what was
 * used last is still in the caches. Any number of threads.
 */
final class Pool<T> {
  private final int most;
  private final Supplier<T> make;
  private final Deque<T> idle = new ArrayDeque<>(); // guarded by itself

  /**
   * @param most so many are kept while nobody uses them
   */
  Pool(int most, Supplier<T> make) {
    this.most = most;
    this.make = make;
  }

  T take() {
    synchronized (idle) {
      T one = idle.pollFirst();
      if (one != null) {
        return one;
      }
    }
    return make.get();
  }

  void giveBack(T one) {
    synchronized (idle) {
      if (idle.size() < most) {
        idle.addFirst(one);
      }
    }
  }
}
