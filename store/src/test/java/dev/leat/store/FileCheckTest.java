package dev.leat.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.EventStore.Commit;
import dev.leat.event.EventStore.LostRows;
import dev.leat.event.OsDisk;
import dev.leat.event.SystemTable;
import dev.leat.event.TableSpec;
import dev.leat.event.ViewSpec;
import dev.leat.testkit.TestAnswer;
import dev.leat.testkit.TestRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are not as they were written: no row of them shows. */
class FileCheckTest {
  private static final StoreOptions OPTIONS =
      StoreOptions.defaults(1).withLayout(1_000, 1 << 20, Duration.ofDays(1), 2);
  private static final String SUPERSEDED = SystemTable.SUPERSEDED.tableName();

  @TempDir private Path directory;

  private DuckStore open() throws IOException {
    DuckStore store = DuckStore.open(directory, OPTIONS, InstantSource.system());
    store.define(TableSpec.open("events"));
    SystemTable.defineIn(store);
    return store;
  }

  @BeforeEach
  void twoFiles() throws Exception {
    try (DuckStore store = open()) {
      commit(store, 0, 10);
      commit(store, 10, 20);
    }
  }

  private static void commit(DuckStore store, long firstOffset, int rows) throws Exception {
    TestRows writer = new TestRows(store, "events", 0);
    for (long offset = firstOffset; offset < firstOffset + rows; offset++) {
      writer.add(offset, Instant.EPOCH.plusSeconds(offset), Map.of("n", offset));
    }
    writer.publish(firstOffset + rows);
    assertInstanceOf(Commit.Done.class, store.commit(writer.intake().cut(), new byte[0]));
  }

  private List<DataFile> present() throws IOException {
    try (Catalogue catalogue = Catalogue.open(new OsDisk(directory), 1, 2)) {
      return catalogue.state().tables().get("events").present();
    }
  }

  private void flip(String path, int fromEnd) throws IOException {
    Path file = directory.resolve(path);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - fromEnd] ^= 8;
    Files.write(file, bytes);
  }

  private static long count(DuckStore store) throws InterruptedException {
    return (Long) assertNotNullValue(TestAnswer.of(store, "SELECT count(*) FROM events").value());
  }

  private static Object assertNotNullValue(Object value) {
    assertNotNull(value);
    return value;
  }

  @Test
  void aStatementIsAnsweredFromTheFilesThatAreSound() throws Exception {
    DataFile first = present().getFirst();
    flip(first.path(), (int) first.bytes() / 2);
    for (int start = 0; start < 2; start++) {
      try (DuckStore store = open()) {
        assertEquals(20, count(store));
        assertEquals(20, count(store));
        assertFalse(store.status().healthy());
        String detail = store.status().detail();
        assertTrue(detail.contains("10 rows of events"), detail);
        assertTrue(detail.contains("positions 0 to 9"), detail);
        assertEquals(List.of(new LostRows("events", 10, 0, 9)), store.lost());
        assertEquals(20L, store.tally().rows().get("events"));
        assertTrue(Files.exists(directory.resolve(first.path() + ".damaged")));
      }
    }
    // Brought back, it is as if nothing had happened.
    Path file = directory.resolve(first.path());
    Files.move(directory.resolve(first.path() + ".damaged"), file);
    flip(first.path(), (int) first.bytes() / 2);
    try (DuckStore store = open()) {
      assertEquals(30, count(store));
      assertTrue(store.status().healthy());
    }
  }

  @Test
  void thePatrolFindsWhatNobodyAsksFor() throws Exception {
    DataFile second = present().getLast();
    flip(second.path(), 40);
    try (DuckStore store = open()) {
      store.checkFiles();
      assertFalse(store.status().healthy());
      assertEquals(List.of(new LostRows("events", 20, 10, 29)), store.lost());
      assertEquals(10, count(store));
    }
  }

  @Test
  void aMergeDoesNotTakeDamagedFiles() throws Exception {
    DataFile first = present().getFirst();
    flip(first.path(), (int) first.bytes() / 2);
    StoreOptions eager = StoreOptions.defaults(1).withLayout(1_000, 1 << 20, Duration.ZERO, 2);
    try (DuckStore store = DuckStore.open(directory, eager, InstantSource.system())) {
      while (store.mergeOnce()) {
        // Until nothing is left to merge.
      }
      assertEquals(20, count(store));
    }
    assertEquals(2, present().size());
  }

  @Test
  void filesOfAnEarlierVersionGetTheirChecksumOnce() throws Exception {
    try (Catalogue catalogue = Catalogue.open(new OsDisk(directory), 1, 2)) {
      // As a version before wrote it.
      byte[] old =
          new String(CatalogueCodec.encode(catalogue.state()), UTF_8)
              .replaceAll("\"checksum\":\"[0-9a-f]{16}\",", "")
              .getBytes(UTF_8);
      byte[] file = new byte[8 + Journal.FRAME_BYTES + old.length];
      System.arraycopy("LEATCAT2".getBytes(UTF_8), 0, file, 0, 8);
      Journal.record(old).get(file, 8, file.length - 8);
      Files.write(directory.resolve(Catalogue.NAME), file);
    }
    assertTrue(present().stream().allMatch(file -> file.checksum() == null));
    try (DuckStore store = open()) {
      assertEquals(30, count(store));
      store.checkFiles();
    }
    for (DataFile file : present()) {
      assertNotNull(file.checksum());
    }
    flip(present().getFirst().path(), 30);
    try (DuckStore store = open()) {
      assertEquals(20, count(store));
    }
  }

  /** Without them rows would show that were corrected. */
  @Test
  void withoutTheListOfCorrectionsOnlyTheHistoryIsAnswered() throws Exception {
    try (DuckStore store = open()) {
      TestRows rows = new TestRows(store, SUPERSEDED, 0);
      rows.add(30, Instant.EPOCH, Map.of("of_table", "events", "of_offset", 3L)).publish(31);
      assertInstanceOf(Commit.Done.class, store.commit(rows.intake().cut(), new byte[0]));
      assertEquals(29, count(store));
    }
    String path;
    try (Catalogue catalogue = Catalogue.open(new OsDisk(directory), 1, 2)) {
      path = catalogue.state().tables().get(SUPERSEDED).present().getFirst().path();
    }
    flip(path, 50);
    try (DuckStore store = open()) {
      for (int i = 0; i < 2; i++) {
        String refused = TestAnswer.of(store, "SELECT count(*) FROM events").refused().message();
        assertTrue(refused.contains(SUPERSEDED), refused);
        assertEquals(30L, TestAnswer.of(store, "SELECT count(*) FROM events_history").value());
      }
    }
  }

  @Test
  void aDamagedViewIsComputedAnew() throws Exception {
    ViewSpec view = new ViewSpec("sums", "SELECT sum(data.n) AS s FROM events", null);
    Path files = directory.resolve("views/sums");
    try (DuckStore store = open()) {
      store.materialise(List.of(view));
      store.refreshViews();
      assertEquals(435L, sum(store));
    }
    Path file;
    try (var all = Files.list(files)) {
      file = all.filter(each -> each.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
    for (String damaged : List.of(file.getFileName().toString(), "view.json")) {
      flip("views/sums/" + damaged, 30);
      try (DuckStore store = open()) {
        store.materialise(List.of(view));
        store.refreshViews();
        assertEquals(435L, sum(store));
        assertTrue(store.status().healthy());
      }
      try (var all = Files.list(files)) {
        file = all.filter(each -> each.toString().endsWith(".parquet")).findFirst().orElseThrow();
      }
    }
  }

  private static long sum(DuckStore store) throws InterruptedException {
    Object sum = TestAnswer.of(store, "SELECT s FROM sums").value();
    return ((Number) assertNotNullValue(sum)).longValue();
  }

  @Test
  void aFlippedBitAndTwoSwappedBlocksHaveAnotherChecksum() {
    byte[] bytes = new byte[4_096];
    new java.util.Random(1).nextBytes(bytes);
    long whole = FileChecksum.of(bytes);
    for (int bit = 0; bit < bytes.length * 8; bit += 7) {
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      assertNotEquals(whole, FileChecksum.of(bytes));
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
    }
    byte[] swapped = bytes.clone();
    System.arraycopy(bytes, 0, swapped, 512, 512);
    System.arraycopy(bytes, 512, swapped, 0, 512);
    assertNotEquals(whole, FileChecksum.of(swapped));
    assertEquals(whole, FileChecksum.parse(FileChecksum.text(whole)));
  }
}
