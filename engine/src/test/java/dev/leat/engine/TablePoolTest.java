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
  void givesZerosAndKeepsNeitherShortNorMany() {
    TablePool pool = new TablePool(100);
    assertNull(pool.take());
    long[] used = new long[100];
    Arrays.fill(used, 7);
    pool.give(new long[99]);
    pool.give(used);
    pool.give(new long[200]);
    pool.give(new long[300]);
    assertSame(used, pool.take());
    assertArrayEquals(new long[100], used);
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
