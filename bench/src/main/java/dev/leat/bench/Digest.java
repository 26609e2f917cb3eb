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
    long hash = mix(start);
    hash = mix(hash ^ end);
    hash = mix(hash ^ key);
    sum += mix(hash ^ value);
  }

  /**
   * The finaliser of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom numbers, 2014).
   */
  private static long mix(long z) {
    long x = z + 0x9e3779b97f4a7c15L;
    x = (x ^ (x >>> 30)) * 0xbf58476d1ce4e5b9L;
    x = (x ^ (x >>> 27)) * 0x94d049bb133111ebL;
    return x ^ (x >>> 31);
  }

  String text() {
    return "%d/%016x".formatted(results, sum);
  }
}
