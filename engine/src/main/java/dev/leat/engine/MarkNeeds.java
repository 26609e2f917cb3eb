package dev.leat.engine;

import dev.leat.pipeline.Aggregates.Mark;
import dev.leat.pipeline.Cells;
import dev.leat.pipeline.Level;
import dev.leat.pipeline.MetricPlan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds out what marks ask for: the rows say when an event was that counts no more. */
final class MarkNeeds {
  private static final System.Logger LOG = System.getLogger(MarkNeeds.class.getName());

  private final RowBatches batches;

  MarkNeeds(RowBatches batches) {
    this.batches = batches;
  }

  /** Something to be recomputed for a mark. */
  sealed interface Need {
    MetricPlan plan();

    /** One bucket of slices. */
    record Slice(MetricPlan plan, long bucket) implements Need {}

    /** The sessions of a series around a time. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Around(MetricPlan plan, byte[] series, long time) implements Need {}

    /** All sessions around the times of a bucket. */
    record Everything(MetricPlan plan, long bucket) implements Need {}
  }

  /** What each mark asks of these metrics; nothing if its row is gone, or counts for none. */
  Map<Mark, List<Need>> of(Collection<Mark> marks, List<MetricPlan> plans)
      throws InterruptedException {
    Map<Mark, List<Need>> needs = new LinkedHashMap<>();
    Map<String, List<Mark.Corrected>> corrected = new TreeMap<>();
    for (Mark mark : marks) {
      switch (mark) {
        case Mark.Bucket bucket -> needs.put(mark, ofBucket(bucket, plans));
        case Mark.Session session -> {
          MetricPlan plan = find(session.metric(), plans);
          needs.put(
              mark,
              plan == null
                  ? List.of()
                  : List.of(new Need.Around(plan, session.series(), session.time())));
        }
        case Mark.Corrected target -> {
          corrected.computeIfAbsent(target.stream(), _ -> new ArrayList<>()).add(target);
        }
      }
    }
    for (Map.Entry<String, List<Mark.Corrected>> each : corrected.entrySet()) {
      List<MetricPlan> ofStream =
          plans.stream().filter(plan -> plan.spec().from().equals(each.getKey())).toList();
      addCorrected(each.getKey(), each.getValue(), ofStream, needs);
    }
    return needs;
  }

  private static List<Need> ofBucket(Mark.Bucket bucket, List<MetricPlan> plans) {
    MetricPlan plan = find(bucket.metric(), plans);
    if (plan == null) {
      return List.of();
    }
    return List.of(
        plan.isSession()
            ? new Need.Everything(plan, bucket.bucket())
            : new Need.Slice(plan, bucket.bucket()));
  }

  private static @Nullable MetricPlan find(long metric, List<MetricPlan> plans) {
    return plans.stream().filter(plan -> plan.id() == metric).findFirst().orElse(null);
  }

  private void addCorrected(
      String stream,
      List<Mark.Corrected> marks,
      List<MetricPlan> plans,
      Map<Mark, List<Need>> needs)
      throws InterruptedException {
    if (plans.isEmpty()) {
      marks.forEach(mark -> needs.put(mark, List.of()));
      return;
    }
    long latest = marks.stream().mapToLong(Mark::position).max().orElse(0);
    batches.rows().awaitVisible(latest + 1);
    Map<Long, Long> times =
        batches.rows().times(stream, marks.stream().map(Mark.Corrected::target).toList());
    for (Mark.Corrected mark : marks) {
      Long time = times.get(mark.target());
      List<Need> own = new ArrayList<>();
      if (time == null) {
        LOG.log(
            System.Logger.Level.INFO,
            "the event at {0} of the stream {1} was corrected, but its row is gone by retention; the metrics stay as they are",
            Long.toString(mark.target()),
            stream);
      } else {
        for (MetricPlan plan : plans) {
          own.addAll(ofRow(plan, mark.target(), time));
        }
      }
      needs.put(mark, own);
    }
  }

  private List<Need> ofRow(MetricPlan plan, long position, long time) throws InterruptedException {
    if (!plan.isSession()) {
      return List.of(new Need.Slice(plan, plan.bucketOf(Level.BASE, time)));
    }
    List<Need> needs = new ArrayList<>();
    for (Cells cells : batches.computeAt(plan, position).values()) {
      for (int slot : cells.sorted()) {
        needs.add(new Need.Around(plan, SessionSpans.series(cells.key(slot)), time));
      }
    }
    return needs;
  }
}
