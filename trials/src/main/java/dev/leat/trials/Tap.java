package dev.leat.trials;

import java.io.IOException;

/** Stands between a server and its disk, and may keep an operation from happening. Any thread. */
interface Tap {
  /** A piece of work on the disk. */
  interface Work {
    void run() throws IOException;
  }

  /**
   * Does the work, or what a bad disk does instead.
   *
   * @param half the part of it that a crash in the middle leaves
   */
  void step(Point.Op op, String name, Work work, Work half) throws IOException;
}
