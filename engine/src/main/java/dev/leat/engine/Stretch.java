package dev.leat.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Some buckets of a metric that follow one another, as much as one computation takes on. Times in
 * microseconds.
 */
record Stretch(long from, long to) {
  /** So many rows, or one bucket, are in memory at a time. */
  static final long MAX_ROWS = 1_000_000;

  private static final long MAX_MICROS = 31 * StoredRows.MICROS_PER_DAY;

  Stretch {
    if (from >= to) {
      throw new IllegalArgumentException("%d to %d is no stretch".formatted(from, to));
    }
  }

  /** A stretch and how many rows it has, roughly. */
  private record Piece(long from, long to, long rows) {}

  /**
   * Cuts a long time into stretches, in the order of time; what has neither rows nor results is in
   * none, or lies between others where it costs nothing.
   *
   * @param bounds of whole buckets of this size
   * @param rows of each day
   * @param results the buckets that have results, or are to be computed whatever they have
   */
  static List<Stretch> cut(
      Stretch bounds, long bucketMicros, Map<Long, Long> rows, Collection<Long> results) {
    List<Piece> pieces = new ArrayList<>();
    rows.forEach((day, count) -> addDay(bounds, bucketMicros, day, count, pieces));
    for (long bucket : results) {
      pieces.add(new Piece(bucket, bucket + bucketMicros, 0));
    }
    pieces.sort(Comparator.comparingLong(Piece::from).thenComparingLong(Piece::to));
    return join(bounds, pieces);
  }

  private static void addDay(Stretch bounds, long size, long day, long rows, List<Piece> pieces) {
    long first = Math.max(bounds.from, bucket(day, size));
    long last = Math.min(bounds.to - 1, bucket(day + StoredRows.MICROS_PER_DAY - 1, size));
    if (first > last) {
      return;
    }
    long buckets = (last - first) / size + 1;
    long parts = Math.clamp(Math.ceilDiv(rows, MAX_ROWS), 1, buckets);
    long step = Math.ceilDiv(buckets, parts) * size;
    for (long from = first; from <= last; from += step) {
      pieces.add(new Piece(from, Math.min(from + step, last + size), rows / parts));
    }
  }

  private static List<Stretch> join(Stretch bounds, List<Piece> pieces) {
    List<Stretch> stretches = new ArrayList<>();
    long from = 0;
    long to = 0;
    long rows = -1; // No stretch is open.
    for (Piece piece : pieces) {
      long begin = Math.max(piece.from, bounds.from);
      long end = Math.min(piece.to, bounds.to);
      if (rows >= 0 && begin < to) {
        begin = to;
      }
      if (begin >= end) {
        continue;
      }
      if (rows >= 0 && rows + piece.rows <= MAX_ROWS && end - from <= MAX_MICROS) {
        to = end;
        rows += piece.rows;
      } else {
        if (rows >= 0) {
          stretches.add(new Stretch(from, to));
        }
        from = begin;
        to = end;
        rows = piece.rows;
      }
    }
    if (rows >= 0) {
      stretches.add(new Stretch(from, to));
    }
    return stretches;
  }

  /** Buckets that follow one another, as stretches. */
  static List<Stretch> runs(Collection<Long> sortedBuckets, long bucketMicros) {
    List<Stretch> runs = new ArrayList<>();
    for (long bucket : sortedBuckets) {
      Stretch last = runs.isEmpty() ? null : runs.getLast();
      if (last != null && last.to == bucket) {
        runs.set(runs.size() - 1, new Stretch(last.from, bucket + bucketMicros));
      } else {
        runs.add(new Stretch(bucket, bucket + bucketMicros));
      }
    }
    return runs;
  }

  private static long bucket(long micros, long size) {
    return Math.floorDiv(micros, size) * size;
  }
}
