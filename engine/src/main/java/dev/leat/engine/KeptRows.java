package dev.leat.engine;

import dev.leat.event.EventStore;
import dev.leat.event.TableSpec;
import dev.leat.pipeline.MetricPlan;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * Says from which event time on the rows of a stream are all there. Rows go by the time they were
 * received, so that is a guess, on the safe side for events that are received when they happen or
 * later. Where rows are gone a result must not be replaced by what is left of them. Any thread.
 */
final class KeptRows {
  /** Every row is there. */
  static final long ALL = Long.MIN_VALUE;

  private static final int ATTEMPTS = 5;

  private final EventStore store;
  private final StoredRows rows;
  private final InstantSource clock;

  KeptRows(EventStore store, StoredRows rows, InstantSource clock) {
    this.store = store;
    this.rows = rows;
    this.clock = clock;
  }

  /** In buckets that begin earlier rows may be missing; {@link #ALL} if none was ever dropped. */
  long from(MetricPlan plan) throws InterruptedException {
    String stream = plan.spec().from();
    Duration retention =
        store.tables().stream()
            .filter(table -> table.name().equals(stream))
            .findFirst()
            .map(TableSpec::retention)
            .orElse(null);
    if (!isAnyGone(stream, retention != null)) {
      return ALL;
    }
    long oldest = rows.oldestReceived(stream);
    if (retention != null) {
      Instant cut = clock.instant().minus(retention);
      oldest = Math.max(oldest, ChronoUnit.MICROS.between(Instant.EPOCH, cut));
    }
    long aheadMicros = plan.time().ahead().toNanos() / 1_000;
    return oldest > Long.MAX_VALUE - aheadMicros ? oldest : oldest + aheadMicros;
  }

  /**
   * Whether rows were dropped. Rows that come while it is counted are looked through by counting
   * again; where that is in vain, a table that drops rows has dropped some.
   */
  private boolean isAnyGone(String stream, boolean drops) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      long before = present(stream);
      long had = store.tally().rows().getOrDefault(stream, 0L);
      if (had <= before) {
        return false;
      }
      if (had > present(stream)) {
        return true;
      }
    }
    return drops;
  }

  private long present(String stream) {
    return store.status().tables().stream()
        .filter(table -> table.name().equals(stream))
        .mapToLong(table -> table.sealedRows() + table.hotRows())
        .sum();
  }
}
