package dev.leat.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TablePoolTest {
  @Test
  void keepsOneOfThoseThatAreLargeEnough() {
    TablePool pool = new TablePool(171);
    MemTable.Memory used = MemTable.Memory.of(171);
    Arrays.fill(used.slots(), 7);
    pool.give(MemTable.Memory.of(170));
    assertNull(pool.take());
    pool.give(used);
    pool.give(MemTable.Memory.of(171));
    pool.give(MemTable.Memory.of(1_000));
    assertSame(used, pool.take());
    assertArrayEquals(new int[used.slots().length], used.slots());
    assertNull(pool.take());
  }

  @Test
  void aTableInUsedMemoryIsEmpty() {
    TablePool pool = new TablePool(1);
    MemTable first = MemTable.expecting(100, 1);
    for (int i = 0; i < 100; i++) {
      first.put(i * 0x9e3779b97f4a7c15L, i, i, 0);
    }
    pool.give(first.memory());
    MemTable second = MemTable.in(Objects.requireNonNull(pool.take()), 2);
    for (int i = 0; i < 100; i++) {
      assertEquals(-1, second.position(i * 0x9e3779b97f4a7c15L, i));
    }
  }
}
