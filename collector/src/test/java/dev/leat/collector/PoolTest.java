package dev.leat.collector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is lent, in which order, and how much of it is kept. */
final class PoolTest {
  private final AtomicInteger made = new AtomicInteger();
  private final Pool<Integer> pool = new Pool<>(2, made::incrementAndGet);

  @Test
  void whatWasUsedLastIsLentFirst() {
    int first = pool.take();
    int second = pool.take();
    pool.giveBack(first);
    pool.giveBack(second);
    assertEquals(second, pool.take());
    assertEquals(first, pool.take());
    assertEquals(2, made.get());
  }

  @Test
  void noMoreAreKeptThanAllowed() {
    for (int i = 0; i < 3; i++) {
      pool.take();
    }
    for (int i = 1; i <= 3; i++) {
      pool.giveBack(i);
    }
    assertEquals(2, pool.take());
    assertEquals(1, pool.take());
    assertEquals(4, pool.take());
  }
}
