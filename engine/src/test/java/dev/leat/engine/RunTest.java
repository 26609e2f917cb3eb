package dev.leat.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.testkit.Seeds;
import dev.leat.testkit.SimDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RunTest {
  private final PageReader page = new PageReader(1);

  /** Entries of fingerprints (high, low), each with position and version. */
  private record Print(long high, long low) implements Comparable<Print> {
    @Override
    public int compareTo(Print other) {
      int order = Long.compareUnsigned(high, other.high);
      return order != 0 ? order : Long.compareUnsigned(low, other.low);
    }
  }

  private record Entry(long position, long version) {}

  @Test
  void findsWhatWasWrittenAndNothingElse() {
    Seeds.run(
        60,
        (seed, chance) -> {
          SimDisk disk = new SimDisk();
          boolean versioned = chance.nextBoolean();
          SortedMap<Print, Entry> model = entries(chance, versioned);
          write(disk, model, versioned, 7).close();
          try (Run run = Run.open(disk, StateFiles.runName(7), 7)) {
            assertHolds(run, model, chance);
          }
        });
  }

  @Test
  void aMergeHasTheNewestOfAll() {
    Seeds.run(
        40,
        (seed, chance) -> {
          SimDisk disk = new SimDisk();
          SortedMap<Print, Entry> model = new TreeMap<>();
          List<EntryCursor> inputs = new ArrayList<>();
          int count = 1 + chance.nextInt(7);
          for (int i = 0; i < count; i++) {
            SortedMap<Print, Entry> entries = entries(chance, true);
            entries.forEach(
                (print, entry) ->
                    model.merge(print, entry, (a, b) -> a.position() > b.position() ? a : b));
            inputs.add(write(disk, entries, true, i).cursor(1 + chance.nextInt(3)));
          }
          MergeCursor merged = new MergeCursor(inputs);
          for (Map.Entry<Print, Entry> expected : model.entrySet()) {
            assertTrue(merged.next());
            assertEquals(expected.getKey(), new Print(merged.high, merged.low));
            assertEquals(expected.getValue().position(), merged.position);
          }
          assertFalse(merged.next());
        });
  }

  @Test
  void aFlippedBitIsFoundOrDoesNoHarm() {
    Seeds.run(
        400,
        (seed, chance) -> {
          SimDisk disk = new SimDisk();
          SortedMap<Print, Entry> model = entries(chance, false);
          write(disk, model, false, 7).close();
          String name = StateFiles.runName(7);
          disk.corrupt(name, chance.nextLong(disk.bytes(name).length * 8L));
          int damaged = 0;
          try (Run run = Run.open(disk, name, 7)) {
            for (Map.Entry<Print, Entry> expected : model.entrySet()) {
              damaged += isDamaged(run, expected) ? 1 : 0;
            }
          } catch (StateDamagedException found) {
            assertTrue(found.getMessage().contains(name), found.getMessage());
            damaged++;
          }
          assertTrue(damaged > 0, "not found");
        });
  }

  private boolean isDamaged(Run run, Map.Entry<Print, Entry> expected) throws IOException {
    try {
      assertFinds(run, expected.getKey(), expected.getValue());
      return false;
    } catch (StateDamagedException found) {
      return true;
    }
  }

  @Test
  void aPageFromElsewhereIsDamage() throws Exception {
    SimDisk disk = new SimDisk();
    SortedMap<Print, Entry> model = new TreeMap<>();
    for (int i = 0; i < 2_000; i++) {
      model.put(new Print(i, i), new Entry(i, 0));
    }
    String name = StateFiles.runName(7);
    try (Run run = write(disk, model, false, 7)) {
      byte[] second = new byte[RunLayout.PAGE_BYTES];
      System.arraycopy(disk.bytes(name), RunLayout.PAGE_BYTES, second, 0, second.length);
      disk.overwrite(name, second, 0);
      assertThrows(StateDamagedException.class, () -> run.find(1, 1, page));
    }
  }

  @Test
  void aMissingOrShortFileIsDamage() throws Exception {
    SimDisk disk = new SimDisk();
    SortedMap<Print, Entry> model = new TreeMap<>(Map.of(new Print(1, 1), new Entry(1, 1)));
    write(disk, model, false, 7).close();
    String name = StateFiles.runName(7);
    for (int length = disk.bytes(name).length - 1; length >= 0; length -= 61) {
      SimDisk cut = disk.copy();
      cut.truncate(name, length);
      assertThrows(StateDamagedException.class, () -> Run.open(cut, name, 7));
    }
    assertThrows(StateDamagedException.class, () -> Run.open(disk, name, 8));
  }

  @Test
  void writingCanBeCancelled() {
    SortedMap<Print, Entry> model = new TreeMap<>();
    for (int i = 0; i < 100_000; i++) {
      model.put(new Print(i, i), new Entry(i, 0));
    }
    assertThrows(
        CancellationException.class,
        () -> RunWriter.write(new SimDisk(), plan(model, false, 7), cursor(model), () -> true));
  }

  private void assertHolds(Run run, SortedMap<Print, Entry> model, RandomGenerator chance)
      throws IOException {
    EntryCursor cursor = run.cursor(1 + chance.nextInt(4));
    for (Map.Entry<Print, Entry> expected : model.entrySet()) {
      assertFinds(run, expected.getKey(), expected.getValue());
      assertTrue(cursor.next());
      assertEquals(expected.getKey(), new Print(cursor.high, cursor.low));
      assertEquals(expected.getValue(), new Entry(cursor.position, cursor.version));
      Print stranger = new Print(expected.getKey().high(), expected.getKey().low() + 1);
      assertEquals(model.containsKey(stranger), run.find(stranger.high(), stranger.low(), page));
    }
    assertFalse(cursor.next());
    for (int i = 0; i < 100; i++) {
      assertFalse(run.find(chance.nextLong(), chance.nextLong(), page));
    }
  }

  private void assertFinds(Run run, Print print, Entry entry) throws IOException {
    assertTrue(run.filter().mayContain(print.high(), print.low()));
    assertTrue(run.find(print.high(), print.low(), page));
    assertEquals(entry, new Entry(page.position, page.version));
  }

  /** Often with many fingerprints whose first halves are equal. */
  private static SortedMap<Print, Entry> entries(RandomGenerator chance, boolean versioned) {
    SortedMap<Print, Entry> entries = new TreeMap<>();
    int count = 1 + chance.nextInt(1_500);
    int beginnings = 1 + chance.nextInt(1_000);
    long base = chance.nextLong(1L << 40);
    long spread = 1L << chance.nextInt(48);
    for (int i = 0; i < count; i++) {
      entries.put(
          new Print(chance.nextInt(beginnings) * 0x9e3779b97f4a7c15L, chance.nextInt(2_000)),
          new Entry(base + chance.nextLong(spread), versioned ? chance.nextLong() : 0));
    }
    return entries;
  }

  private static Run write(
      SimDisk disk, SortedMap<Print, Entry> entries, boolean versioned, long number)
      throws IOException {
    return RunWriter.write(disk, plan(entries, versioned, number), cursor(entries), () -> false);
  }

  private static RunWriter.Plan plan(
      SortedMap<Print, Entry> entries, boolean versioned, long number) {
    return new RunWriter.Plan(
        StateFiles.runName(number),
        number,
        versioned,
        entries.size() + number % 3,
        entries.values().stream().mapToLong(Entry::position).min().orElseThrow(),
        entries.values().stream().mapToLong(Entry::position).max().orElseThrow(),
        16);
  }

  private static EntryCursor cursor(SortedMap<Print, Entry> entries) {
    Iterator<Map.Entry<Print, Entry>> iterator = entries.entrySet().iterator();
    return new EntryCursor() {
      @Override
      boolean next() {
        if (!iterator.hasNext()) {
          return false;
        }
        Map.Entry<Print, Entry> entry = iterator.next();
        high = entry.getKey().high();
        low = entry.getKey().low();
        position = entry.getValue().position();
        version = entry.getValue().version();
        return true;
      }
    };
  }
}
