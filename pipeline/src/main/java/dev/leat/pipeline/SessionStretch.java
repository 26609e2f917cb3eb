package dev.leat.pipeline;

import java.util.Arrays;
import java.util.Collection;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of time in which the sessions of some series are computed anew, and what events added
 * to them since that began. For one thread.
 */
final class SessionStretch {
  private final long from;
  private final long to;
  private final @Nullable NavigableSet<byte[]> series;
  private final Sessions since;

  /**
   * @param series null for all
   */
  SessionStretch(long from, long to, @Nullable Collection<byte[]> series, Sessions since) {
    this.from = from;
    this.to = to;
    this.since = since;
    if (series == null) {
      this.series = null;
    } else {
      this.series = keys();
      this.series.addAll(series);
    }
  }

  static NavigableSet<byte[]> keys() {
    return new TreeSet<>(Arrays::compareUnsigned);
  }

  /** The sessions that events make since. */
  Sessions since() {
    return since;
  }

  boolean has(byte[] key, int from, int length) {
    return series == null || series.contains(Arrays.copyOfRange(key, from, from + length));
  }

  boolean has(long first) {
    return first >= from && first < to;
  }
}
