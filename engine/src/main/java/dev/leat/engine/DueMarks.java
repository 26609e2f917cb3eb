package dev.leat.engine;

import dev.leat.pipeline.Aggregates;
import dev.leat.pipeline.Aggregates.Mark;
import dev.leat.pipeline.MetricPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses which marks are worked on now. Events that are too late come in a trickle: a mark waits
 * for others, so that a burst costs one recomputation, and what was recomputed just now rests for a
 * while that grows with what it cost. What failed waits for longer and longer. For one thread; time
 * in nanoseconds of a ticker.
 */
final class DueMarks {
  /** So many do not wait for others. */
  static final int MANY = 64;

  /** So many are chosen at a time. */
  private static final int MAX_CHOSEN = 50_000;

  /** So many are worked on, and settled, at a time. */
  private static final int BITE = 500;

  private static final long SECOND = 1_000_000_000L;
  private static final long LONGEST_PAUSE = 60 * SECOND;
  private static final int REST_FACTOR = 4;
  private static final int MAX_RESTING = 10_000;

  private Set<Name> seen = new HashSet<>();
  private final Map<Name, Long> resting = new HashMap<>();
  private final Map<Long, Pause> paused = new HashMap<>();

  /** What a mark names, without the position that made it. */
  record Name(Object place, long at, String series) {
    static Name of(Mark mark) {
      return switch (mark) {
        case Mark.Bucket bucket -> new Name(bucket.metric(), bucket.bucket(), "");
        case Mark.Session session ->
            new Name(session.metric(), session.time(), Arrays.toString(session.series()));
        case Mark.Corrected corrected -> new Name(corrected.stream(), corrected.target(), "");
      };
    }
  }

  private record Pause(long until, long nanos) {}

  /** The ones to work on, oldest times first; call it under the lock of the metrics. */
  List<Mark> choose(Aggregates aggregates, List<MetricPlan> plans, long now) {
    resting.values().removeIf(until -> until - now <= 0);
    List<Mark> ready = new ArrayList<>();
    for (Mark mark : aggregates.marks()) {
      if (isReady(mark, aggregates, plans, now)) {
        ready.add(mark);
      }
    }
    List<Mark> due = ready;
    if (ready.size() < MANY) {
      Set<Name> present = new HashSet<>();
      due = new ArrayList<>();
      for (Mark mark : ready) {
        Name name = Name.of(mark);
        present.add(name);
        if (seen.contains(name)) {
          due.add(mark);
        }
      }
      seen = present;
    }
    due.sort(Comparator.comparingLong(DueMarks::time));
    return List.copyOf(due.subList(0, Math.min(due.size(), MAX_CHOSEN)));
  }

  /** What was chosen, in bites: each lies close together in time. */
  static List<List<Mark>> bites(List<Mark> chosen) {
    List<List<Mark>> bites = new ArrayList<>();
    for (int from = 0; from < chosen.size(); from += BITE) {
      bites.add(chosen.subList(from, Math.min(chosen.size(), from + BITE)));
    }
    return bites;
  }

  /** Of corrections only the rows know it; they come last, as they are. */
  private static long time(Mark mark) {
    return switch (mark) {
      case Mark.Bucket bucket -> bucket.bucket();
      case Mark.Session session -> session.time();
      case Mark.Corrected _ -> Long.MAX_VALUE;
    };
  }

  private boolean isReady(Mark mark, Aggregates aggregates, List<MetricPlan> plans, long now) {
    boolean possible =
        switch (mark) {
          case Mark.Bucket bucket ->
              hasCome(find(bucket.metric(), plans), bucket.bucket(), aggregates, now);
          case Mark.Session session ->
              hasCome(find(session.metric(), plans), session.time(), aggregates, now);
          case Mark.Corrected corrected ->
              plans.stream()
                  .filter(plan -> plan.spec().from().equals(corrected.stream()))
                  .noneMatch(plan -> isPaused(plan.id(), now));
        };
    return possible && !resting.containsKey(Name.of(mark));
  }

  /** An event from the future waits until its window is over. */
  private boolean hasCome(@Nullable MetricPlan plan, long begin, Aggregates aggregates, long now) {
    if (plan == null || isPaused(plan.id(), now)) {
      return false;
    }
    Long watermark = aggregates.watermark(plan.id());
    long length = plan.isSession() ? plan.windowMicros() : plan.bucketMicros();
    return watermark != null && begin + length <= watermark;
  }

  private static @Nullable MetricPlan find(long metric, List<MetricPlan> plans) {
    return plans.stream().filter(plan -> plan.id() == metric).findFirst().orElse(null);
  }

  /** Whether the metric rests since it could not be recomputed. */
  boolean isPaused(long metric, long now) {
    Pause pause = paused.get(metric);
    return pause != null && pause.until() - now > 0;
  }

  /** These were recomputed, which took so long. */
  void done(List<Mark> marks, long tookNanos, long now) {
    if (resting.size() > MAX_RESTING) {
      resting.clear();
    }
    long rest = Math.clamp(tookNanos * REST_FACTOR, SECOND, LONGEST_PAUSE);
    for (Mark mark : marks) {
      resting.put(Name.of(mark), now + rest);
    }
  }

  /** A metric could not be recomputed; returns for how many seconds it rests. */
  long failed(long metric, long now) {
    Pause before = paused.get(metric);
    long nanos =
        before == null
            ? 2 * SECOND
            : Math.min(LONGEST_PAUSE, Objects.requireNonNull(before).nanos() * 2);
    paused.put(metric, new Pause(now + nanos, nanos));
    return nanos / SECOND;
  }

  /** A metric was recomputed. */
  void succeeded(long metric) {
    paused.remove(metric);
  }
}
