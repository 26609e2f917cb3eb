package dev.leat.engine;

import dev.leat.pipeline.Aggregates;
import dev.leat.pipeline.CellBlock;
import dev.leat.pipeline.CellLayout;
import dev.leat.pipeline.Cells;
import dev.leat.pipeline.Level;
import dev.leat.pipeline.MetricPlan;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a metric has for a stretch of buckets at one moment: those in memory, copied under the lock
 * of the metrics, over those that commits have. For one thread.
 */
final class ServedCells {
  private final MetricPlan plan;
  private final Stretch stretch;
  private final NavigableMap<Long, Cells> live;
  private final NavigableMap<Long, Aggregates.HeldSessions> sessions;

  private ServedCells(
      MetricPlan plan,
      Stretch stretch,
      @Nullable NavigableMap<Long, Cells> live,
      @Nullable NavigableMap<Long, Aggregates.HeldSessions> sessions) {
    this.plan = plan;
    this.stretch = stretch;
    this.live = live == null ? new TreeMap<>() : live;
    this.sessions = sessions == null ? new TreeMap<>() : sessions;
  }

  /** What is in memory; call it under the lock of the metrics. */
  static ServedCells copy(Aggregates aggregates, MetricPlan plan, Stretch stretch) {
    return plan.isSession()
        ? new ServedCells(
            plan, stretch, null, aggregates.liveSessions(plan.id(), stretch.from(), stretch.to()))
        : new ServedCells(
            plan, stretch, aggregates.live(plan.id(), stretch.from(), stretch.to()), null);
  }

  /** The buckets in memory. */
  NavigableSet<Long> held() {
    NavigableSet<Long> held = new TreeSet<>(live.keySet());
    held.addAll(sessions.keySet());
    return held;
  }

  /** The buckets that commits have something for. */
  static NavigableSet<Long> committed(CellStore store, MetricPlan plan, Stretch stretch) {
    NavigableSet<Long> buckets = new TreeSet<>();
    store.scan(
        plan.id(), Level.BASE, stretch.from(), stretch.to(), (bucket, _, _) -> buckets.add(bucket));
    return buckets;
  }

  /** All buckets that begin before a time, which is one in the stretch or its end. */
  NavigableMap<Long, Cells> read(CellStore store, CellLayout layout, long until) {
    NavigableMap<Long, Cells> all = new TreeMap<>();
    store.scan(
        plan.id(),
        Level.BASE,
        stretch.from(),
        until,
        (bucket, _, block) -> {
          if (!live.containsKey(bucket)) {
            Aggregates.HeldSessions over = sessions.get(bucket);
            byte[] bytes = over == null ? block.get() : over(block.get(), over);
            all.put(bucket, Cells.decode(layout, bytes));
          }
        });
    all.putAll(live.headMap(until));
    sessions.headMap(until).forEach((bucket, held) -> all.putIfAbsent(bucket, held.held()));
    return all;
  }

  private static byte[] over(byte[] committed, Aggregates.HeldSessions sessions) {
    return CellBlock.overlay(List.of(committed, gone(sessions.gone()), sessions.held().encode()));
  }

  /** A block that says that cells are gone; a key may be told twice. */
  private static byte[] gone(List<byte[]> keys) {
    TreeSet<byte[]> sorted = new TreeSet<>(Arrays::compareUnsigned);
    sorted.addAll(keys);
    int bytes = Integer.BYTES;
    for (byte[] key : sorted) {
      bytes += Short.BYTES + key.length + Integer.BYTES;
    }
    ByteBuffer block = ByteBuffer.allocate(bytes).putInt(sorted.size());
    for (byte[] key : sorted) {
      block.putShort((short) key.length).put(key).putInt(-1);
    }
    return block.array();
  }
}
