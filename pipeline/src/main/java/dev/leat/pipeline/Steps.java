package dev.leat.pipeline;

/**
 * How much work may still be done for one document: a count that everything whose cost depends on
 * the document draws from, so that no document can hold up the ones behind it. Counted in the order
 * of ten nanoseconds; not measured in time, so that the same document always ends the same way. For
 * one thread.
 */
final class Steps {
  /** Enough for a megabyte of small values under a schema of ordinary size. */
  static final int LIMIT = 4_000_000;

  private int left = LIMIT;

  void take(int count) {
    left -= count;
    if (left < 0) {
      throw new LimitException("at most " + LIMIT + " steps to check it");
    }
  }
}
