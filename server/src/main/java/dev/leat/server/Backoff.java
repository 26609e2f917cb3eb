package dev.leat.server;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait before the next attempt: exponential, with full jitter so that many senders do
 * not come back together (Brooker, Exponential Backoff and Jitter, 2015). What the server asks for
 * is a lower bound.
 */
record Backoff(Duration first, Duration longest, RandomGenerator chance) {
  /**
   * @param attempt 0 before the first repetition
   * @param asked what {@code Retry-After} said
   */
  Duration delay(int attempt, @Nullable Duration asked) {
    long ceiling = Math.min(longest.toMillis(), first.toMillis() << Math.min(attempt, 20));
    Duration jittered = Duration.ofMillis(ceiling / 2 + chance.nextLong(ceiling / 2 + 1));
    return asked == null ? jittered : asked.plus(jittered.dividedBy(4));
  }
}
