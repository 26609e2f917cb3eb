package dev.leat.engine;

import dev.leat.event.EventStore;
import dev.leat.pipeline.CellBlock;
import dev.leat.pipeline.CellLayout;
import dev.leat.pipeline.Cells;
import dev.leat.pipeline.MetricBatch;
import dev.leat.pipeline.MetricPlan;
import java.util.Collection;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/** Computes metrics from stored rows. Any thread. */
final class RowBatches {
  private final EventStore store;
  private final StoredRows rows;

  RowBatches(EventStore store, StoredRows rows) {
    this.store = store;
    this.rows = rows;
  }

  StoredRows rows() {
    return rows;
  }

  /** How the cells of a metric are laid out, for one thread. */
  CellLayout layout(MetricPlan plan) {
    return plan.layout(store.schema(plan.spec().from()));
  }

  /** Cells of no series. */
  static Cells nothing(CellLayout layout) {
    return Cells.decode(layout, CellBlock.empty());
  }

  /**
   * The buckets that the rows of a stretch yield, of those below a position of the log.
   *
   * @param series only these; null for all
   */
  NavigableMap<Long, Cells> compute(
      MetricPlan plan, @Nullable Collection<byte[]> series, StoredRows.Part part, JobTally tally)
      throws InterruptedException {
    return batch(plan, series, part, tally).finish();
  }

  /**
   * The same in cells that keep every value; {@link CellLayout#settle} makes the others of them.
   */
  NavigableMap<Long, Cells> computeExact(MetricPlan plan, StoredRows.Part part, JobTally tally)
      throws InterruptedException {
    return batch(plan, null, part, tally).finishExact();
  }

  private MetricBatch batch(
      MetricPlan plan, @Nullable Collection<byte[]> series, StoredRows.Part part, JobTally tally)
      throws InterruptedException {
    rows.awaitVisible(part.below());
    MetricBatch batch = new MetricBatch(plan, store.schema(part.stream()));
    if (series != null) {
      batch.only(series);
    }
    tally.addRows(rows.read(plan, part, batch::add));
    return batch;
  }

  /** The sessions that the one row at a position is: none if it does not count. */
  NavigableMap<Long, Cells> computeAt(MetricPlan plan, long position) throws InterruptedException {
    MetricBatch batch = new MetricBatch(plan, store.schema(plan.spec().from()));
    rows.readAt(plan, position, batch::add);
    return batch.finish();
  }
}
