package dev.leat.trials;

import dev.leat.testkit.Seeds;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Tries damages of one type on all cores, and sees to it that none of them hangs unnoticed. */
final class DamageHunt {
  private static final int BATCH = 64;
  private static final long HANG_NANOS = 120_000_000_000L;
  private static final long WATCH_MILLIS = 500;

  private final DamageCase files;
  private final DamageSpace space;
  private final DamageTally tally = new DamageTally();

  DamageHunt(DamageCase files) {
    this.files = files;
    this.space = new DamageSpace(files.files());
  }

  DamageSpace space() {
    return space;
  }

  /**
   * Tries them.
   *
   * @param sample how many, drawn by the seed; all if negative
   * @param progress told now and then how many are done
   */
  DamageTally run(long sample, long seed, int threads, LongConsumer progress)
      throws InterruptedException {
    long @Nullable [] chosen = sample < 0 ? null : draw(sample, seed);
    long count = chosen == null ? space.size() : chosen.length;
    AtomicLong next = new AtomicLong();
    AtomicLongArray begun = new AtomicLongArray(threads);
    Thread[] workers = new Thread[threads];
    for (int i = 0; i < threads; i++) {
      int worker = i;
      workers[i] =
          Thread.ofPlatform()
              .daemon()
              .name("leat-damage-" + i)
              .start(
                  () -> {
                    for (long from = next.getAndAdd(BATCH);
                        from < count;
                        from = next.getAndAdd(BATCH)) {
                      for (long at = from; at < Math.min(count, from + BATCH); at++) {
                        begun.set(worker, System.nanoTime());
                        attempt(space.get(chosen == null ? at : chosen[(int) at]));
                      }
                    }
                    begun.set(worker, 0);
                  });
    }
    watch(workers, begun, progress);
    return tally;
  }

  private void watch(Thread[] workers, AtomicLongArray begun, LongConsumer progress)
      throws InterruptedException {
    boolean busy = true;
    while (busy) {
      busy = false;
      for (int i = 0; i < workers.length; i++) {
        workers[i].join(WATCH_MILLIS / workers.length);
        busy |= workers[i].isAlive();
        long begin = begun.get(i);
        if (begin != 0 && System.nanoTime() - begin > HANG_NANOS) {
          throw new IllegalStateException(
              "opening damaged files of type %s hangs, here: %s"
                  .formatted(files.type(), Arrays.toString(workers[i].getStackTrace())));
        }
      }
      progress.accept(tally.tried());
    }
  }

  private long[] draw(long sample, long seed) {
    RandomGenerator chance = Seeds.chance(seed);
    return chance.longs(Math.min(sample, space.size()), 0, space.size()).toArray();
  }

  /** Also an error of the virtual machine is an outcome: a length that asks for all the memory. */
  private void attempt(Damage damage) {
    DamageCase.Outcome outcome;
    try {
      outcome = files.open(damage);
    } catch (Exception | OutOfMemoryError | StackOverflowError | AssertionError unexplained) {
      StackTraceElement[] trace = unexplained.getStackTrace();
      outcome =
          DamageCase.Outcome.wrong(
              "%s at %s".formatted(unexplained, trace.length == 0 ? "an unknown place" : trace[0]));
    }
    tally.add(damage, outcome);
  }
}
