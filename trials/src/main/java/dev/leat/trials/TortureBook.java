package dev.leat.trials;

import dev.leat.trials.TortureBatch.Copy;
import dev.leat.trials.TortureBatch.Correction;
import dev.leat.trials.TortureBatch.Totals;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What one producer has sent, and what it was told: the only memory of it that no server can
 * damage. One thread at a time: the producer while it runs, then the one that checks.
 */
final class TortureBook {
  private static final int RECENT = 8;
  private static final int MAX_TARGETS = 50;
  private static final int MAX_EVENTS = 60;

  private final int producer;
  private final SplittableRandom chance;
  private final List<TortureBatch> answered = new ArrayList<>();
  private final ArrayDeque<Long> targets = new ArrayDeque<>();
  private long next = 1;
  private @Nullable TortureBatch pending;

  /** Given up without an answer: it may have been kept or not, and the next start decides. */
  private @Nullable TortureBatch unknown;

  private Totals rows = Totals.NONE;
  private Totals counting = Totals.NONE;
  private long invalid;
  private long bytes;

  TortureBook(int producer, SplittableRandom chance) {
    this.producer = producer;
    this.chance = chance;
  }

  int producer() {
    return producer;
  }

  /** Whether a batch waits for its answer, so that nobody can say whether it is stored. */
  boolean isWaiting() {
    return pending != null;
  }

  /** The batch without an answer, or a new one. */
  TortureBatch next(long nowMillis) {
    if (pending == null) {
      pending = make(nowMillis);
      next = pending.end();
    }
    return pending;
  }

  private TortureBatch make(long nowMillis) {
    int count = 1 + chance.nextInt(MAX_EVENTS);
    Correction correction = null;
    if (!targets.isEmpty() && chance.nextInt(3) == 0 && !TortureBatch.isInvalid(next + count - 1)) {
      correction = new Correction(targets.removeFirst(), chance.nextBoolean());
    }
    List<Copy> copies = new ArrayList<>();
    int recent = Math.min(RECENT, answered.size());
    for (int i = 0; recent > 0 && i < count; i++) {
      if (chance.nextInt(10) == 0) {
        TortureBatch of = answered.get(answered.size() - 1 - chance.nextInt(recent));
        copies.add(new Copy(of, of.first() + chance.nextInt(of.count())));
      }
    }
    return new TortureBatch(producer, next, count, nowMillis, correction, List.copyOf(copies));
  }

  /** The pending batch was accepted. */
  void answered(int bodyBytes) {
    TortureBatch batch = pending;
    if (batch == null) {
      throw new IllegalStateException("nothing was sent");
    }
    pending = null;
    bytes += bodyBytes;
    keep(batch);
  }

  private void keep(TortureBatch batch) {
    answered.add(batch);
    rows = rows.plus(batch.rows());
    counting = counting.plus(batch.counting());
    invalid += batch.invalid();
    if (targets.size() < MAX_TARGETS
        && batch.count() > 1
        && !TortureBatch.isInvalid(batch.first())) {
      targets.add(batch.first());
    }
  }

  /** The server is gone: with some chance the pending batch is never sent again. */
  void serverGone() {
    if (pending != null && unknown == null && chance.nextInt(3) == 0) {
      unknown = pending;
      pending = null;
    }
  }

  @Nullable TortureBatch unknown() {
    return unknown;
  }

  /** What became of the batch given up. */
  void resolve(boolean kept) {
    if (kept && unknown != null) {
      keep(unknown);
    }
    unknown = null;
  }

  /** Numbers that must be stored. */
  List<TortureBatch> kept() {
    return answered;
  }

  Totals rows() {
    return rows;
  }

  Totals counting() {
    return counting;
  }

  long invalid() {
    return invalid;
  }

  long events() {
    return rows.rows() + invalid;
  }

  long bytes() {
    return bytes;
  }
}
