package dev.leat.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShopStreamTest {
  private static final long BASE = Instant.parse("2026-11-23T23:59:00Z").toEpochMilli();
  private static final OrderSlots SLOTS = new OrderSlots(20_000, 0, ShopStream.SEED);

  private static ShopStream stream(int batch) {
    return new ShopStream(SLOTS, batch, BASE, 1_000);
  }

  @Test
  void theEventsAreThoseOfTheWorkload() {
    ShopStream stream = stream(500);
    Chunk chunk = stream.chunk();
    Map<String, String> byId = new HashMap<>();
    int repeated = 0;
    int late = 0;
    int brokenSchema = 0;
    int brokenRule = 0;
    long bytes = 0;
    for (int request = 0; request < 400; request++) {
      assertTrue(stream.write(request, chunk));
      bytes += chunk.length;
      for (int event = 0; event < chunk.events(); event++) {
        long number = request * 500L + event;
        String line =
            new String(
                chunk.bytes,
                chunk.starts[event],
                chunk.starts[event + 1] - chunk.starts[event],
                UTF_8);
        String id = new String(chunk.bytes, chunk.ids[event], 36, UTF_8);
        assertTrue(
            id.matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}"), id);
        assertTrue(
            line.contains(Instant.ofEpochMilli(chunk.millis[event]).toString().substring(0, 19)));
        String before = byId.put(id, line);
        assertEquals(before != null, chunk.repeats[event]);
        assertTrue(before == null || before.equals(line), "a repetition is the same byte for byte");
        repeated += before == null ? 0 : 1;
        if (before == null) {
          long age = stream.due(number) - chunk.millis[event];
          assertTrue(age >= 0 && age <= 90_000, "a time " + age + " ms back");
          late += age >= 30_000 ? 1 : 0;
          brokenSchema += chunk.order(event).breaksSchema() ? 1 : 0;
          brokenRule += chunk.order(event).breaksRule() ? 1 : 0;
        }
      }
    }
    assertEquals(2_000.0, repeated, 200);
    assertEquals(990.0, late, 130);
    assertEquals(200.0, brokenSchema, 120); // only 20 of the 20,000 orders do
    assertEquals(200.0, brokenRule, 120);
    assertEquals(550, bytes / 200_000.0, 40);
  }

  @Test
  void requestsDoNotDependOnEachOtherNorOnTheirSize() {
    byte[] asOne = bytes(stream(500), 7, 1);
    assertArrayEquals(asOne, bytes(stream(500), 7, 1));
    assertArrayEquals(asOne, bytes(stream(1), 3_500, 500));
  }

  @Test
  void aNoteMakesThemWide() {
    OrderSlots wide = new OrderSlots(100, 1_480, ShopStream.SEED);
    assertEquals(2_048, wide.meanBytes(), 60);
    assertEquals(1_480, String.valueOf(wide.get(0).fields().all().get("note")).length());
  }

  private static byte[] bytes(ShopStream stream, long first, int requests) {
    byte[] all = {};
    Chunk chunk = stream.chunk();
    for (long request = first; request < first + requests; request++) {
      assertTrue(stream.write(request, chunk));
      int length = all.length;
      all = Arrays.copyOf(all, length + chunk.length);
      System.arraycopy(chunk.bytes, 0, all, length, chunk.length);
    }
    return all;
  }
}
