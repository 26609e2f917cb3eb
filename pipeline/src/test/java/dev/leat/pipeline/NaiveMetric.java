package dev.leat.pipeline;

import dev.leat.pipeline.MetricRows.Event;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a metric is by the rules, computed with lists: every window keeps its events. The label is
 * {@code data.k}, the value {@code data.v}; both are given beside the event.
 */
final class NaiveMetric {
  private final MetricPlan plan;
  private final long window;
  private final long size;
  private final long lateness;
  private final boolean labelled;
  private final List<Window> windows = new ArrayList<>();
  final TreeSet<String> marks = new TreeSet<>();
  long late;
  long tooLate;
  long ahead;

  private long latest = Long.MIN_VALUE;
  private long seenAt;
  private long logTime = Long.MIN_VALUE;
  private long watermark = Long.MIN_VALUE;
  private long horizon = Long.MIN_VALUE;

  /** An event that counts. */
  record Counted(long time, long position, String label, long value, int rate) {}

  /** A slice of one series, or a session. */
  private static final class Window {
    private final long bucket;
    private final String label;
    private final List<Counted> events = new ArrayList<>();
    private long late;

    Window(long bucket, String label) {
      this.bucket = bucket;
      this.label = label;
    }

    long first() {
      return events.stream().mapToLong(Counted::time).min().orElseThrow();
    }

    long last() {
      return events.stream().mapToLong(Counted::time).max().orElseThrow();
    }
  }

  NaiveMetric(MetricPlan plan) {
    this.plan = plan;
    this.window = plan.windowMicros();
    this.size = plan.bucketMicros();
    this.lateness = plan.spec().lateness().toMillis() * 1_000;
    this.labelled = plan.isSession() || !plan.spec().by().isEmpty();
  }

  void tick(long received) {
    logTime = Math.max(logTime, received);
  }

  void add(Event event, long position, String label, long value) {
    long time = MetricRows.micros(event.time());
    long received = MetricRows.micros(event.received());
    tick(received);
    long idle = plan.time().idle().toMillis() * 1_000;
    long disorder = plan.time().disorder().toMillis() * 1_000;
    if (latest != Long.MIN_VALUE && logTime - seenAt >= idle) {
      watermark = Math.max(watermark, latest - disorder + logTime - seenAt);
    }
    if (watermark != Long.MIN_VALUE) {
      horizon = Math.max(horizon, watermark - lateness);
    }
    Counted counted = new Counted(time, position, labelled ? label : "", value, event.rate());
    if (time > received + plan.time().ahead().toMillis() * 1_000) {
      ahead++;
      mark(counted);
      return;
    }
    if (plan.isSession()) {
      addToSession(counted);
    } else {
      addToSlice(counted);
    }
    latest = Math.max(latest, time);
    seenAt = logTime;
    watermark = Math.max(watermark, latest - disorder);
  }

  private void mark(Counted event) {
    marks.add(
        plan.isSession()
            ? "%s %d".formatted(event.label(), event.time())
            : "" + Math.floorDiv(event.time(), size) * size);
  }

  private void addToSlice(Counted event) {
    long bucket = Math.floorDiv(event.time(), size) * size;
    if (bucket + window <= horizon) {
      tooLate++;
      mark(event);
      return;
    }
    Window found = null;
    for (Window each : windows) {
      if (each.bucket == bucket && each.label.equals(event.label())) {
        found = each;
      }
    }
    if (found == null) {
      found = new Window(bucket, event.label());
      windows.add(found);
    }
    found.events.add(event);
    if (bucket + size <= watermark) {
      found.late++;
      late++;
    }
  }

  private void addToSession(Counted event) {
    long time = event.time();
    List<Window> touched = new ArrayList<>();
    for (Window each : windows) {
      boolean kept = each.last() + 2 * window > horizon;
      if (kept
          && each.label.equals(event.label())
          && time >= each.first() - window
          && time <= each.last() + window) {
        touched.add(each);
      }
    }
    boolean isOld = time + window <= horizon;
    long first = touched.stream().mapToLong(Window::first).min().orElse(Long.MAX_VALUE);
    long latestFirst = touched.stream().mapToLong(Window::first).max().orElse(Long.MAX_VALUE);
    if (isOld && time < latestFirst) {
      mark(event);
    }
    if (isOld && touched.isEmpty()) {
      tooLate++;
      return;
    }
    boolean isLate =
        time + window <= watermark
            || touched.stream().anyMatch(each -> each.last() + window <= watermark);
    Window all = new Window(Math.floorDiv(Math.min(first, time), size) * size, event.label());
    for (Window each : touched) {
      all.events.addAll(each.events);
      all.late += each.late;
      windows.remove(each);
    }
    all.events.add(event);
    if (isLate) {
      all.late++;
      late++;
    }
    windows.add(all);
  }

  /** Windows as they are, by bucket and key. */
  NavigableMap<String, String> results() {
    TreeMap<String, String> results = new TreeMap<>();
    for (Window each : windows) {
      long count = each.events.stream().mapToLong(Counted::rate).sum();
      long sum = each.events.stream().mapToLong(event -> event.value() * event.rate()).sum();
      long least = each.events.stream().mapToLong(Counted::value).min().orElseThrow();
      Comparator<Counted> order =
          Comparator.comparingLong(Counted::time).thenComparingLong(Counted::position);
      long last = each.events.stream().max(order).orElseThrow().value();
      results.put(
          name(each.bucket, each.label, each.first()),
          "%d %d %d %d late %d".formatted(count, sum, least, last, each.late));
    }
    return results;
  }

  private String name(long bucket, String label, long first) {
    return plan.isSession()
        ? "%d %s %d".formatted(bucket, label, first)
        : "%d %s".formatted(bucket, label);
  }

  /** The same of cells. */
  static NavigableMap<String, String> results(
      MetricPlan plan, CellLayout layout, NavigableMap<Long, Cells> buckets) {
    TreeMap<String, String> results = new TreeMap<>();
    buckets.forEach(
        (bucket, cells) -> {
          for (int slot : cells.sorted()) {
            byte[] key = cells.key(slot);
            List<String> labels = SeriesKey.labels(key, plan.labels().size());
            String label = labels.isEmpty() ? "" : labels.getFirst();
            String name =
                plan.isSession()
                    ? "%d %s %d".formatted(bucket, label, SeriesKey.start(key))
                    : "%d %s".formatted(bucket, label);
            results.put(
                name,
                "%s %s %s %s late %d"
                    .formatted(
                        layout.value(0, cells, slot, 1, null),
                        layout.value(1, cells, slot, 1, null),
                        layout.value(2, cells, slot, 1, null),
                        layout.value(3, cells, slot, 1, null),
                        cells.late(slot)));
          }
        });
    return results;
  }
}
