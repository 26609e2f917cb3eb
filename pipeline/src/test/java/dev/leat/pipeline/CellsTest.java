package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.DataSchema;
import dev.leat.pipeline.MetricSpec.Function;
import dev.leat.pipeline.MetricSpec.Measure;
import dev.leat.testkit.Seeds;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Cells are a map from keys, beside a map of what was written down of them. */
class CellsTest {
  private static final int CAP = 60;

  private final CellLayout layout = layout(false);

  private static CellLayout layout(boolean session) {
    return new CellLayout(
        session,
        CAP,
        Accumulators.of(
            List.of(new Measure("n", Function.COUNT, null, null)), Map.of(), new DataSchema(), 1),
        1);
  }

  private static byte[] key(int number) {
    byte[] text = "k".repeat(number % 21).concat(Integer.toString(number)).getBytes(UTF_8);
    byte[] key = new byte[2 + text.length];
    key[1] = (byte) text.length;
    System.arraycopy(text, 0, key, 2, text.length);
    return key;
  }

  @Test
  void cellsAreAMap() {
    Seeds.run(60, (_, chance) -> run(chance));
  }

  private void run(RandomGenerator chance) {
    Cells cells = new Cells(layout, CAP);
    TreeMap<byte[], Long> model = new TreeMap<>(Arrays::compareUnsigned);
    byte[] committed = CellBlock.empty();
    int keys = 1 + chance.nextInt(150);
    for (int i = 0; i < 600; i++) {
      byte[] key = key(chance.nextInt(keys));
      switch (chance.nextInt(12)) {
        case 0 -> {
          cells.remove(key);
          model.remove(key);
        }
        case 1 -> {
          int slot = cells.find(key);
          assertEquals(model.containsKey(key), slot >= 0);
          if (slot >= 0) {
            cells.remove(slot);
            model.remove(key);
          }
        }
        case 2 -> committed = CellBlock.overlay(List.of(committed, cells.encodeChanges()));
        case 3 -> cells = cells.copy();
        default -> {
          byte[] padded = Arrays.copyOf(key, key.length + 3);
          int slot = cells.slot(padded, 0, key.length);
          long own = model.keySet().stream().filter(each -> each.length > 1).count();
          boolean over = !model.containsKey(key) && own == CAP;
          model.merge(over ? Cells.OTHER : key, 1L, Long::sum);
          assertEquals(over, cells.isOther(slot));
          cells.addLate(slot, 1);
        }
      }
      check(model, cells);
    }
    byte[] all = cells.encode();
    committed = CellBlock.overlay(List.of(committed, cells.encodeChanges()));
    assertArrayEquals(all, committed);
    assertFalse(cells.isDirty());
    assertArrayEquals(CellBlock.empty(), cells.encodeChanges());
    Cells read = Cells.decode(layout, all);
    check(model, read);
    assertFalse(read.isDirty());
    assertArrayEquals(all, read.encode());
  }

  private static void check(Map<byte[], Long> model, Cells cells) {
    assertEquals(model.size(), cells.size());
    int[] sorted = cells.sorted();
    int i = 0;
    for (Map.Entry<byte[], Long> entry : model.entrySet()) {
      int slot = sorted[i++];
      assertArrayEquals(entry.getKey(), cells.key(slot));
      assertEquals(slot, cells.find(entry.getKey()));
      assertTrue(cells.isTaken(slot) && slot < cells.slots());
      assertEquals(entry.getValue(), cells.late(slot));
    }
  }

  @Test
  void cellsAreAddedInTheOrderOfTheirKeys() {
    Cells some = new Cells(layout, CAP);
    for (int i = 0; i < CAP; i++) {
      some.addLate(some.slot(key(i), 0, key(i).length), i);
    }
    Cells few = new Cells(layout, 2);
    few.merge(some);
    few.merge(some);
    assertEquals(3, few.size());
    long[] late = Arrays.stream(few.sorted()).mapToLong(few::late).toArray();
    assertEquals(CAP * (CAP - 1), Arrays.stream(late).sum());
    assertArrayEquals(some.key(some.sorted()[0]), few.key(few.sorted()[0]));
    assertTrue(few.isOther(few.sorted()[2]));
    few.limit(3);
    assertFalse(few.isFull());
    some.forget(0);
    assertEquals(CAP - 1, some.size());
  }

  @Test
  void sessionsOverTheCapKeepTheirStart() {
    Cells cells = new Cells(layout(true), 1);
    byte[] series = key(1);
    byte[] first = SeriesKey.session(series, 0, series.length, 5);
    byte[] second = SeriesKey.session(series, 0, series.length, -7);
    int slot = cells.slot(first, 0, first.length);
    assertFalse(cells.isOther(slot));
    assertEquals(Long.MAX_VALUE, cells.first(slot));
    assertEquals(Long.MIN_VALUE, cells.last(slot));
    int other = cells.slot(second, 0, second.length);
    assertTrue(cells.isOther(other));
    assertEquals(-7, SeriesKey.start(cells.key(other)));
    assertEquals(List.of("__other__"), SeriesKey.labels(cells.key(other), 1));
    assertEquals(List.of("k1"), SeriesKey.labels(first, 1));
    assertEquals(5, SeriesKey.start(first));
  }

  @Test
  void keysTellLabelsApart() {
    byte[] absentAndFive = {(byte) 0xff, (byte) 0xfe, 0, 5, 'a', 'b', 'c', 'd', 'e'};
    assertEquals(Arrays.asList(null, "abcde"), SeriesKey.labels(absentAndFive, 2));
    assertEquals(Collections.nCopies(3, "__other__"), SeriesKey.labels(Cells.OTHER, 3));
    assertEquals(List.of(), SeriesKey.labels(new byte[0], 0));
  }

  @Test
  void damagedBlocksAreRefused() {
    Cells cells = new Cells(layout, CAP);
    for (int i = 0; i < 5; i++) {
      cells.slot(key(i), 0, key(i).length);
    }
    byte[] block = cells.encode();
    for (int length = 0; length < block.length; length++) {
      byte[] cut = Arrays.copyOf(block, length);
      assertThrows(IllegalStateException.class, () -> Cells.decode(layout, cut));
    }
    byte[] longer = Arrays.copyOf(block, block.length + 1);
    assertThrows(IllegalStateException.class, () -> Cells.decode(layout, longer));
    Seeds.run(
        300,
        (_, chance) -> {
          byte[] damaged = block.clone();
          damaged[chance.nextInt(block.length)] ^= (byte) (1 << chance.nextInt(8));
          try {
            Cells.decode(layout, damaged).encode();
          } catch (IllegalStateException refused) {
            assertFalse(String.valueOf(refused.getMessage()).isEmpty());
          }
        });
  }
}
