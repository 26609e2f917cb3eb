package dev.leat.pipeline;

import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which sessions take the place of others: of each series those that begin in its stretches of
 * time. All series that nothing else was said of have the same stretch, or none. For one thread.
 */
public final class SessionParts {
  private final NavigableMap<Long, Long> others = new TreeMap<>();

  /** The ends of the stretches of a series by their begins; they neither touch nor overlap. */
  private final Map<byte[], NavigableMap<Long, Long>> known =
      new TreeMap<>(Arrays::compareUnsigned);

  private long from = Long.MAX_VALUE;
  private long to = Long.MIN_VALUE;

  private SessionParts() {}

  /** Nothing of any series. */
  public static SessionParts none() {
    return new SessionParts();
  }

  /** The same stretch of all series. */
  public static SessionParts all(long from, long to) {
    SessionParts parts = new SessionParts();
    parts.put(parts.others, from, to);
    return parts;
  }

  /** From now on the series has stretches of its own; nothing if there is no time between. */
  public void add(byte[] series, long begin, long end) {
    NavigableMap<Long, Long> own = known.computeIfAbsent(series, _ -> new TreeMap<>());
    if (begin < end) {
      put(own, begin, end);
    }
  }

  private void put(NavigableMap<Long, Long> stretches, long begin, long end) {
    long first = begin;
    long last = end;
    for (Map.Entry<Long, Long> each = stretches.floorEntry(end);
        each != null && each.getValue() >= begin;
        each = stretches.floorEntry(end)) {
      first = Math.min(first, each.getKey());
      last = Math.max(last, each.getValue());
      stretches.remove(each.getKey());
    }
    stretches.put(first, last);
    from = Math.min(from, first);
    to = Math.max(to, last);
  }

  /** No session begins earlier. */
  long from() {
    return from;
  }

  /** Every session begins earlier. */
  long to() {
    return to;
  }

  private NavigableMap<Long, Long> of(byte[] series) {
    return known.getOrDefault(series, others);
  }

  /** Whether a session of the series that begins then is one of them. */
  public boolean has(byte[] series, long first) {
    Map.Entry<Long, Long> stretch = of(series).floorEntry(first);
    return stretch != null && first < stretch.getValue();
  }

  /** Whether a session lies on both sides of an end of a stretch. */
  boolean isCrossedBy(byte[] series, long first, long last) {
    NavigableMap<Long, Long> stretches = of(series);
    Map.Entry<Long, Long> around = stretches.floorEntry(first);
    if (around != null && first < around.getValue()) {
      return last >= around.getValue();
    }
    Long next = stretches.higherKey(first);
    return next != null && next <= last;
  }
}
