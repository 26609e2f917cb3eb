package dev.leat.bench;

/**
 * What came out, in two numbers that do not depend on the order: how many results, and the sum of
 * their hashes. Equal digests of two systems mean equal results. For one thread.
 */
final class Digest {
  private long results;
  private long sum;

  /** Takes one result; times in milliseconds. */
  void add(long start, long end, long key, long value) {
    results++;
    long hash = Mix.of(start);
    hash = Mix.of(hash ^ end);
    hash = Mix.of(hash ^ key);
    sum += Mix.of(hash ^ value);
  }

  String text() {
    return "%d/%016x".formatted(results, sum);
  }
}
