package dev.leat.pipeline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What commits hold, as a map: for tests of what goes into them. */
final class CommittedCells implements Aggregates.Source {
  private final TreeMap<Long, TreeMap<Long, byte[]>> blocks = new TreeMap<>();

  CommittedCells() {}

  /** A copy of what others hold. */
  CommittedCells(CommittedCells original) {
    original.blocks.forEach((metric, buckets) -> blocks.put(metric, new TreeMap<>(buckets)));
  }

  CommittedCells apply(AggregatesCut cut) {
    for (BucketChange change : cut.changes()) {
      TreeMap<Long, byte[]> buckets = blocks.computeIfAbsent(change.metric(), _ -> new TreeMap<>());
      byte[] before = buckets.getOrDefault(change.bucket(), CellBlock.empty());
      byte[] after =
          change.whole() ? change.block() : CellBlock.overlay(List.of(before, change.block()));
      if (Arrays.equals(after, CellBlock.empty())) {
        buckets.remove(change.bucket());
      } else {
        buckets.put(change.bucket(), after);
      }
    }
    return this;
  }

  @Override
  public void scan(long metric, Level level, long from, long to, Aggregates.Buckets receiver) {
    if (from < to) {
      Map<Long, byte[]> found =
          new TreeMap<>(blocks.getOrDefault(metric, new TreeMap<>()).subMap(from, to));
      found.forEach(receiver::bucket);
    }
  }

  /** All buckets of a metric, with what is held in memory over them. */
  NavigableMap<Long, Cells> view(MetricPlan plan, CellLayout layout, Aggregates live) {
    TreeMap<Long, Cells> view = new TreeMap<>();
    scan(
        plan.id(),
        Level.BASE,
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        (bucket, block) -> view.put(bucket, Cells.decode(layout, block)));
    if (plan.isSession()) {
      live.liveSessions(plan.id(), Long.MIN_VALUE, Long.MAX_VALUE)
          .forEach((bucket, held) -> overlay(view, layout, bucket, held));
    } else {
      view.putAll(live.live(plan.id(), Long.MIN_VALUE, Long.MAX_VALUE));
    }
    return view;
  }

  private static void overlay(
      Map<Long, Cells> view, CellLayout layout, long bucket, Aggregates.HeldSessions held) {
    Cells cells = view.computeIfAbsent(bucket, _ -> new Cells(layout, Integer.MAX_VALUE));
    held.gone().forEach(cells::remove);
    for (int slot : held.held().sorted()) {
      byte[] key = held.held().key(slot);
      cells.remove(key);
      layout.merge(cells, cells.slot(key, 0, key.length), held.held(), slot);
    }
  }

  /** Everything, to be compared. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    blocks.forEach(
        (metric, buckets) ->
            buckets.forEach(
                (bucket, block) ->
                    lines.add("%d %d %s".formatted(metric, bucket, Arrays.toString(block)))));
    return lines;
  }
}
