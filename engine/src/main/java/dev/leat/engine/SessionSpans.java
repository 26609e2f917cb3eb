package dev.leat.engine;

import dev.leat.pipeline.Cells;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * From when to when the sessions of each series last. What lies within a gap of each other is one.
 * For one thread.
 */
final class SessionSpans {
  private final long gap;

  /** Last times by first times, for each series. */
  private final NavigableMap<byte[], NavigableMap<Long, Long>> bySeries =
      new TreeMap<>(Arrays::compareUnsigned);

  SessionSpans(long gap) {
    this.gap = gap;
  }

  /** From the first to the last time of a session, and its series. */
  @FunctionalInterface
  interface Receiver {
    void session(byte[] series, long first, long last);
  }

  /** Passes on the sessions that buckets have, as they are. */
  static void forEach(NavigableMap<Long, Cells> buckets, Receiver receiver) {
    for (Cells cells : buckets.values()) {
      for (int slot : cells.sorted()) {
        receiver.session(series(cells.key(slot)), cells.first(slot), cells.last(slot));
      }
    }
  }

  /** The key of the series a session is of. */
  static byte[] series(byte[] session) {
    return Arrays.copyOf(session, session.length - Long.BYTES);
  }

  void add(byte[] series, long first, long last) {
    NavigableMap<Long, Long> spans = bySeries.computeIfAbsent(series, _ -> new TreeMap<>());
    long begin = first;
    long end = last;
    for (Map.Entry<Long, Long> each = spans.floorEntry(end + gap);
        each != null && each.getValue() + gap >= begin;
        each = spans.floorEntry(end + gap)) {
      begin = Math.min(begin, each.getKey());
      end = Math.max(end, each.getValue());
      spans.remove(each.getKey());
    }
    spans.put(begin, end);
  }

  Set<byte[]> series() {
    return bySeries.keySet();
  }

  private NavigableMap<Long, Long> of(byte[] series) {
    return bySeries.getOrDefault(series, new TreeMap<>());
  }

  /** The stretch, wide enough to lie between sessions, with a gap around those at its ends. */
  Stretch around(byte[] series, Stretch stretch) {
    Map.Entry<Long, Long> begun = of(series).lowerEntry(stretch.from());
    Map.Entry<Long, Long> last = of(series).lowerEntry(stretch.to());
    long from = stretch.from();
    long to = stretch.to();
    if (begun != null && begun.getValue() >= from) {
      from = begun.getKey() - gap;
    }
    if (last != null && last.getValue() >= to) {
      to = last.getValue() + gap + 1;
    }
    return new Stretch(from, to);
  }

  /**
   * A time that no session lies on both sides of: this one, or when the one that began before it is
   * over. So the same sessions begin before both.
   */
  long cut(byte[] series, long time) {
    Map.Entry<Long, Long> begun = of(series).lowerEntry(time);
    return begun == null ? time : Math.max(time, begun.getValue() + gap + 1);
  }
}
