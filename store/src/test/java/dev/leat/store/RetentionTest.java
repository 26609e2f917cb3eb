package dev.leat.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.leat.event.EventStore.Commit;
import dev.leat.event.TableSpec;
import dev.leat.testkit.TestAnswer;
import dev.leat.testkit.TestRows;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows leave when they have stayed as long as their table keeps them, and still count. */
class RetentionTest {
  private static final Instant START = Instant.parse("2001-01-01T00:00:00Z");

  @TempDir private Path directory;
  private volatile Instant now = START;

  /** Merges settle after the test is over, so that the background thread only drops. */
  private DuckStore open() throws IOException {
    StoreOptions options =
        StoreOptions.defaults(1).withLayout(1, 1 << 20, Duration.ofDays(10_000), 1);
    DuckStore store = DuckStore.open(directory, options, () -> now);
    store.define(new TableSpec("visits", false, false, null, Duration.ofDays(2)));
    store.define(TableSpec.open("orders"));
    return store;
  }

  private static void commit(DuckStore store, long offset, Instant time)
      throws InterruptedException {
    new TestRows(store, "visits", 0).add(offset, time, Map.of("n", offset));
    new TestRows(store, "orders", 0).add(offset + 1, time, Map.of("n", offset)).publish(offset + 2);
    assertInstanceOf(
        Commit.Done.class, store.commit(store.intake().cut(), new byte[] {(byte) offset}));
  }

  private static void check(DuckStore store, long visits) throws InterruptedException {
    assertEquals(visits, TestAnswer.of(store, "SELECT count(*) FROM visits").value());
    assertEquals(2L, TestAnswer.of(store, "SELECT count(*) FROM orders").value());
    assertEquals(Map.of("visits", 2L, "orders", 2L), store.tally().rows());
    assertEquals(4, store.committed());
    assertEquals(2, store.state()[0]);
  }

  @Test
  void oldFilesAreDroppedAndStillCounted() throws Exception {
    try (DuckStore store = open()) {
      commit(store, 0, START);
      commit(store, 2, START.plus(Duration.ofDays(1)));
      assertFalse(store.expireOnce());
      check(store, 2);
      now = START.plus(Duration.ofDays(2)).plusSeconds(1);
      store.expireOnce(); // Or the background thread did.
      check(store, 1);
      assertFalse(store.expireOnce());
    }
    try (DuckStore store = open()) {
      check(store, 1);
    }
    now = START.plus(Duration.ofDays(4));
    try (DuckStore store = open()) {
      store.expireOnce();
      check(store, 0);
    }
  }
}
