package dev.leat.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.leat.server.Latency.Reading;
import org.junit.jupiter.api.Test;

class LatencyTest {
  private static final long MILLI = 1_000_000;

  private final Latency latency = new Latency();

  @Test
  void readsPercentilesInMilliseconds() {
    for (int i = 1; i <= 100; i++) {
      latency.record(i * MILLI);
    }
    Reading reading = latency.turn();
    assertEquals(100, reading.count());
    assertEquals(50, reading.p50(), 0.5);
    assertEquals(99, reading.p99(), 1);
    assertEquals(100, reading.max(), 1);
  }

  @Test
  void forgetsAfterTenTurns() {
    latency.record(5 * MILLI);
    for (int i = 0; i < 10; i++) {
      assertEquals(1, latency.turn().count());
    }
    assertEquals(new Reading(0, 0, 0, 0), latency.turn());
  }

  @Test
  void takesWhatCanNotBe() {
    latency.record(-1);
    latency.record(Long.MAX_VALUE);
    assertEquals(2, latency.turn().count());
  }
}
