package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ShopBatchesTest {
  private static final Instant NOW = Instant.parse("2026-11-23T23:59:59.999Z");

  @Test
  void theEventsAreThoseOfTheWorkload() {
    SplittableRandom chance = new SplittableRandom(20261123);
    ShopBatches batches =
        new ShopBatches(new ShopSlots(5_000, chance.split()), chance.split(), 500, 0, 10_000);
    Map<Object, String> byId = new HashMap<>();
    int events = 0;
    int repeated = 0;
    int late = 0;
    long bytes = 0;
    for (int i = 0; i < 100; i++) {
      batches.next(NOW.toEpochMilli());
      bytes += batches.length();
      for (String line : new String(batches.bytes(), 0, batches.length(), UTF_8).lines().toList()) {
        Map<String, ?> event = Json.object(line.getBytes(UTF_8));
        events++;
        String before = byId.put(event.get("id"), line);
        repeated += before == null ? 0 : 1;
        assertTrue(before == null || before.equals(line), "a repetition is the same byte for byte");
        assertTrue(
            event
                .get("id")
                .toString()
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}"));
        Duration age = Duration.between(Instant.parse(event.get("time").toString()), NOW);
        assertTrue(!age.isNegative() && age.toSeconds() <= 90, age.toString());
        late += age.toSeconds() >= 30 ? 1 : 0;
        assertEquals(20, Json.asObject(event.get("data")).size());
      }
    }
    assertEquals(50_000, events);
    assertEquals(500.0, repeated, 100);
    assertEquals(250.0, late, 80);
    assertEquals(512, (double) bytes / events, 40);
  }

  @Test
  void theSameSeedGivesTheSameBytes() {
    assertEquals(text(7), text(7));
  }

  private static String text(long seed) {
    SplittableRandom chance = new SplittableRandom(seed);
    ShopBatches batches =
        new ShopBatches(new ShopSlots(100, chance.split()), chance.split(), 50, 0, 10);
    batches.next(NOW.toEpochMilli());
    return new String(batches.bytes(), 0, batches.length(), UTF_8);
  }
}
