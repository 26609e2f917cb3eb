package dev.leat.trials;

import dev.leat.trials.TortureCheck.Findings;
import dev.leat.trials.TortureFault.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The counts of a run. Any thread. */
final class TortureReport {
  // Guarded by this.
  private final Map<Kind, Line> lines = new EnumMap<>(Kind.class);
  private final Map<Point, Integer> halts = new EnumMap<>(Point.class);
  private final Map<Point, Integer> errors = new EnumMap<>(Point.class);
  private final List<String> violations = new ArrayList<>();
  private long kills;

  /** How many violations {@link #news} has told. */
  private int told;

  /** What happened under one kind of fault. */
  private static final class Line {
    long cycles;
    long events;
    long lost;
    long duplicated;
    long wrong;
    long fullChecks;
    long maxReplayedEvents;
    long maxReplayedBytes;
    final List<Integer> recoveryMillis = new ArrayList<>();

    int percentile(int percent) {
      if (recoveryMillis.isEmpty()) {
        return 0;
      }
      int[] sorted = recoveryMillis.stream().mapToInt(Integer::intValue).sorted().toArray();
      return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }

    /** What every form of the report says of a kind, in this order. */
    Object[] figures(Kind kind) {
      return new Object[] {
        kind.word(),
        cycles,
        events,
        lost,
        duplicated,
        wrong,
        fullChecks,
        percentile(50),
        percentile(99),
        percentile(100),
        maxReplayedEvents,
        maxReplayedBytes
      };
    }
  }

  private Line line(Kind kind) {
    return lines.computeIfAbsent(kind, _ -> new Line());
  }

  /** A fault has been put on a server that had taken so many events meanwhile. */
  synchronized void cycle(Kind kind, long events) {
    Line line = line(kind);
    line.cycles++;
    line.events += events;
  }

  /**
   * A server that was alive, whether it served or was still starting, was ended by {@code SIGKILL}.
   */
  synchronized void killed() {
    kills++;
  }

  synchronized void hit(Trap trap) {
    (trap.effect().halts() ? halts : errors).merge(trap.point(), 1, Integer::sum);
  }

  synchronized int halts(Point point) {
    return halts.getOrDefault(point, 0);
  }

  /** From the start of the process to the first accepted batch, after a fault of the kind. */
  synchronized void recovered(Kind kind, int millis, long replayedEvents, long replayedBytes) {
    Line line = line(kind);
    line.recoveryMillis.add(millis);
    line.maxReplayedEvents = Math.max(line.maxReplayedEvents, replayedEvents);
    line.maxReplayedBytes = Math.max(line.maxReplayedBytes, replayedBytes);
  }

  synchronized void checked(Kind kind, Findings findings, boolean everything, String where) {
    Line line = line(kind);
    line.lost += findings.lost;
    line.duplicated += findings.duplicated;
    line.wrong += findings.wrong;
    line.fullChecks += everything ? 1 : 0;
    findings.details.forEach(detail -> violations.add(where + ": " + detail));
  }

  synchronized boolean isClean() {
    return violations.isEmpty();
  }

  synchronized long cycles() {
    return lines.values().stream().mapToLong(line -> line.cycles).sum();
  }

  /** One line about how far it is. */
  synchronized String progress() {
    StringBuilder text = new StringBuilder();
    lines.forEach(
        (kind, line) -> text.append(kind.word()).append(' ').append(line.cycles).append("  "));
    return text + "violations " + violations.size();
  }

  /** What was found since this was asked last. */
  synchronized List<String> news() {
    List<String> news = List.copyOf(violations.subList(told, violations.size()));
    told = violations.size();
    return news;
  }

  synchronized String table() {
    StringBuilder text = new StringBuilder();
    String row = "%-8s %7s %12s %6s %6s %6s %6s %8s %8s %8s %10s %12s%n";
    text.append(
        String.format(
            Locale.ROOT,
            row,
            "fault",
            "cycles",
            "acknowledged",
            "lost",
            "twice",
            "wrong",
            "full",
            "p50 ms",
            "p99 ms",
            "max ms",
            "replayed",
            "bytes"));
    lines.forEach((kind, line) -> text.append(String.format(Locale.ROOT, row, line.figures(kind))));
    text.append("kill -9 in all: ").append(kills).append('\n');
    text.append("halted at:");
    points(text, halts);
    text.append("\nbroken at:");
    points(text, errors);
    text.append('\n');
    violations.forEach(violation -> text.append("VIOLATION ").append(violation).append('\n'));
    return text.toString();
  }

  private static void points(StringBuilder text, Map<Point, Integer> counts) {
    Arrays.stream(Point.values())
        .forEach(
            point ->
                text.append(' ')
                    .append(point.word())
                    .append(' ')
                    .append(counts.getOrDefault(point, 0)));
  }

  synchronized String json(long seed) {
    List<String> faults = new ArrayList<>();
    lines.forEach(
        (kind, line) ->
            faults.add(
                ("{\"fault\":\"%s\",\"cycles\":%d,\"acknowledged\":%d,\"lost\":%d,\"duplicated\":%d,\"wrong\":%d,"
                        + "\"fullChecks\":%d,\"recoveryMillis\":{\"p50\":%d,\"p99\":%d,\"max\":%d},"
                        + "\"maxReplayed\":{\"events\":%d,\"bytes\":%d}}")
                    .formatted(line.figures(kind))));
    return "{\"seed\":%d,\"kills\":%d,\"faults\":[%s],\"halted\":%s,\"broken\":%s,\"violations\":%d}"
        .formatted(
            seed, kills, String.join(",", faults), json(halts), json(errors), violations.size());
  }

  private static String json(Map<Point, Integer> counts) {
    List<String> members = new ArrayList<>();
    counts.forEach((point, count) -> members.add("\"%s\":%d".formatted(point.word(), count)));
    return "{" + String.join(",", members) + "}";
  }
}
