package dev.leat.bench;

import java.util.Arrays;

/**
 * How many rows there must be after so many events, for a system that only tells its rows. Safe for
 * any thread.
 */
final class RowCounts {
  private long[] events = new long[1_024];
  private long[] rows = new long[1_024];
  private int size = 1;

  /** What came with one request. */
  synchronized void add(long moreEvents, long moreRows) {
    if (size == events.length) {
      events = Arrays.copyOf(events, size * 2);
      rows = Arrays.copyOf(rows, size * 2);
    }
    events[size] = events[size - 1] + moreEvents;
    rows[size] = rows[size - 1] + moreRows;
    size++;
  }

  /** How many events have certainly come to rows if there are so many. */
  synchronized long events(long counted) {
    int at = Arrays.binarySearch(rows, 0, size, counted);
    int found = at < 0 ? -at - 2 : at;
    while (found + 1 < size && rows[found + 1] <= counted) {
      found++;
    }
    return events[found];
  }
}
