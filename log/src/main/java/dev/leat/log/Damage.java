package dev.leat.log;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
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

  /** Ends of files that are gone, with events nobody can count; guarded by this. */
  private final List<String> ends = new ArrayList<>();

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

  /** Notes that a file has lost its end, and how many events with it nobody knows. */
  void cut(Segment segment, long bytes, long whole) {
    addEnd(
        segment,
        "%s was cut short, to %d of at least %d bytes".formatted(segment.path(), bytes, whole));
  }

  /** Notes that the disk does not give a file's end back, and with it maybe events. */
  void unreadable(Segment segment, long from) {
    addEnd(segment, "%s can't be read behind byte %d".formatted(segment.path(), from));
  }

  private synchronized void addEnd(Segment segment, String what) {
    segment.damaged = true;
    ends.add(what);
    LOGGER.log(Level.ERROR, "{0}: events that stood there are lost; the file is kept", what);
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
    List<String> all = new ArrayList<>();
    if (!stretches.isEmpty()) {
      all.add(
          "%d events are damaged, the last of them in %s; restore that file from a copy, or send the events again"
              .formatted(events(), lastFile));
    }
    if (!ends.isEmpty()) {
      all.add(
          "%s; restore it from a copy, or send again what was answered last before"
              .formatted(String.join(", ", ends)));
    }
    return String.join("; ", all);
  }
}
