package dev.leat.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.testkit.Seeds;
import java.util.Comparator;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MemTableTest {
  private record Print(long high, long low) {}

  private record Entry(long position, long version) {}

  @Test
  void holdsWhatAMapHolds() {
    Seeds.run(
        100,
        (seed, chance) -> {
          // Few different beginnings make long collisions, and some stand at the end of the table.
          int beginnings = 1 + chance.nextInt(300);
          MemTable table = MemTable.expecting(chance.nextInt(1_000), 1);
          TreeMap<Print, Entry> model =
              new TreeMap<>(
                  Comparator.comparing(Print::high, Long::compareUnsigned)
                      .thenComparing(Print::low, Long::compareUnsigned));
          int steps = chance.nextInt(3_000);
          for (int i = 0; i < steps; i++) {
            long beginning = chance.nextInt(beginnings);
            Print print =
                new Print(
                    beginning < 5 ? beginning - 5 : beginning * 0x9e3779b97f4a7c15L,
                    chance.nextInt(20) - 10);
            assertEquals(
                model.containsKey(print) ? model.get(print).position() : -1,
                table.position(print.high(), print.low()));
            table.put(print.high(), print.low(), i, -i);
            model.put(print, new Entry(i, -i));
            assertEquals(-i, table.versionAt(table.find(print.high(), print.low())));
          }
          assertEquals(model.size(), table.size());
          EntryCursor sorted = table.sorted();
          for (var expected : model.entrySet()) {
            assertTrue(sorted.next());
            assertEquals(expected.getKey(), new Print(sorted.high, sorted.low));
            assertEquals(expected.getValue(), new Entry(sorted.position, sorted.version));
          }
          assertFalse(sorted.next());
        });
  }

  /** Forbidden: that an id is missed which was there, or is given the position of another. */
  @Test
  void othersMayLookWhileItGrows() {
    int ids = 400_000;
    long spread = 0x9e3779b97f4a7c15L;
    MemTable table = MemTable.expecting(0, 1);
    AtomicInteger added = new AtomicInteger();
    CompletableFuture<Void> reader =
        CompletableFuture.runAsync(
            () -> {
              int until = 0;
              for (int i = 0; until < ids; i++) {
                until = added.get();
                int known = until == 0 ? 0 : (int) (i * 31L % until);
                long position = table.position(known * spread, known);
                assertTrue(position == known || (until == 0 && position == -1));
                int next = until + i % 3;
                long ahead = table.position(next * spread, next);
                assertTrue(ahead == next || ahead == -1);
              }
            });
    for (int i = 0; i < ids; i++) {
      table.put(i * spread, i, i, 0);
      added.set(i + 1);
    }
    reader.join();
  }
}
