package dev.leat.log;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.TreeMap;

/**
 * The stretches of the log that were durable once and can't be read any more. Safe for use by
 * several threads.
 */
final class Damage {
  private static final Logger LOGGER = System.getLogger(Damage.class.getName());

  /** Beginnings and ends, neither overlapping nor touching; guarded by this. */
  private final TreeMap<Long, Long> stretches = new TreeMap<>();

  private String lastFile = "";

  /**
   * Notes that the offsets from {@code from} up to {@code to} are lost; several readers may find
   * the same.
   */
  void add(Segment segment, long from, long to) {
    if (note(segment, from, to)) {
      segment.damaged = true;
      LOGGER.log(
          Level.ERROR,
          "events {0} to {1} in {2} are damaged and will be skipped; the file is kept",
          Long.toString(from),
          Long.toString(to - 1),
          segment.path());
    }
  }

  private synchronized boolean note(Segment segment, long from, long to) {
    Map.Entry<Long, Long> before = stretches.floorEntry(from);
    if (before != null && before.getValue() >= to) {
      return false;
    }
    long begin = before != null && before.getValue() >= from ? before.getKey() : from;
    long end = to;
    Map.Entry<Long, Long> after = stretches.ceilingEntry(begin);
    while (after != null && after.getKey() <= end) {
      end = Math.max(end, after.getValue());
      stretches.remove(after.getKey());
      after = stretches.ceilingEntry(begin);
    }
    stretches.put(begin, end);
    lastFile = segment.path();
    return true;
  }

  synchronized long events() {
    return stretches.entrySet().stream().mapToLong(each -> each.getValue() - each.getKey()).sum();
  }

  /** In words, or empty. */
  synchronized String detail() {
    return stretches.isEmpty()
        ? ""
        : "%d events are damaged, the last of them in %s; restore that file from a copy, or send the events again"
            .formatted(events(), lastFile);
  }
}
