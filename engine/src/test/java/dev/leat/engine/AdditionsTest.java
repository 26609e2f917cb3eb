package dev.leat.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AdditionsTest {
  @Test
  void givesBackWhatCameInItsOrder() {
    Additions additions = new Additions();
    for (int i = 0; i < 10_000; i++) {
      additions.add(i, 3L * i, 5L * i, -i);
      assertEquals(i + 1, additions.size());
    }
    for (int i = 0; i < 10_000; i++) {
      assertEquals(i, additions.high(i));
      assertEquals(3L * i, additions.low(i));
      assertEquals(5L * i, additions.position(i));
      assertEquals(-i, additions.version(i));
    }
  }
}
