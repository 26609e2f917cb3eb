package dev.leat.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.EventStore.Commit;
import dev.leat.event.EventStore.Cut;
import dev.leat.event.OsDisk;
import dev.leat.event.RowChunk;
import dev.leat.event.TableSpec;
import dev.leat.testkit.TestAnswer;
import dev.leat.testkit.TestRows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts after crashes and damage, and merges that must not be noticed. */
class RecoveryTest {
  private static final StoreOptions OPTIONS =
      StoreOptions.defaults(1).withLayout(1_000, 1 << 20, Duration.ZERO, 2);

  @TempDir private Path directory;

  private DuckStore open() throws IOException {
    return open(OPTIONS);
  }

  private DuckStore open(StoreOptions options) throws IOException {
    DuckStore store = DuckStore.open(directory, options, InstantSource.system());
    store.define(TableSpec.open("events"));
    return store;
  }

  private static void commit(DuckStore store, long firstOffset, int rows, Instant time)
      throws InterruptedException {
    TestRows writer = new TestRows(store, "events", 0);
    for (long offset = firstOffset; offset < firstOffset + rows; offset++) {
      writer.add(offset, time.plusSeconds(offset), Map.of("n", offset, "f" + firstOffset, "x"));
    }
    writer.publish(firstOffset + rows);
    assertInstanceOf(Commit.Done.class, store.commit(writer.intake().cut(), new byte[0]));
  }

  @Test
  void whatAKilledProcessSpilledIsRemoved() throws Exception {
    Path left = directory.resolve("tmp/query/duckdb_temp_storage_DEFAULT-0.tmp");
    Files.createDirectories(left.getParent());
    Files.write(left, new byte[100]);
    open().close();
    assertFalse(Files.exists(left));
  }

  @Test
  void nothingIsCommittedWhereNoStartWouldFindIt() throws Exception {
    Path catalogue = directory.resolve(Catalogue.NAME);
    try (DuckStore store = open()) {
      commit(store, 0, 10, Instant.EPOCH);
      List<Path> before = files();
      Files.move(catalogue, directory.resolve("moved"));
      TestRows writer = new TestRows(store, "events", 0);
      writer.add(10, Instant.EPOCH, Map.of("n", 1L));
      writer.publish(11);
      var cut = writer.intake().cut();
      Commit.Failed failed = assertInstanceOf(Commit.Failed.class, store.commit(cut, new byte[0]));
      assertTrue(failed.reason().contains("moved or removed"), failed.reason());
      assertEquals(before, files(), "a file was written for a commit that can't be");
      Files.move(directory.resolve("moved"), catalogue);
      assertInstanceOf(Commit.Done.class, store.commit(cut, new byte[0]));
    }
    try (DuckStore again = open()) {
      assertEquals(11, again.status().sealedRows());
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(directory.resolve(FileWriter.ROOT))) {
      return all.filter(
              file -> file.toString().endsWith(".parquet") && !file.toString().contains("carriers"))
          .toList();
    }
  }

  @Test
  void whatACrashedCommitWroteIsRemoved() throws Exception {
    try (DuckStore store = open()) {
      commit(store, 0, 10, Instant.EPOCH);
    }
    Path file = files().getFirst();
    Files.copy(file, file.resolveSibling("orphan.parquet"));
    Files.writeString(file.resolveSibling("half.parquet"), "PAR1 and no more");
    try (DuckStore store = open()) {
      assertEquals(List.of(file), files());
      assertEquals(10L, TestAnswer.of(store, "SELECT count(*) FROM events").value());
      assertTrue(store.status().healthy());
    }
  }

  @Test
  void aDamagedOrMissingFileIsReportedAndTheRestIsServed() throws Exception {
    try (DuckStore store = open()) {
      commit(store, 0, 10, Instant.EPOCH);
      commit(store, 10, 20, Instant.EPOCH);
      commit(store, 30, 40, Instant.EPOCH);
      while (store.mergeOnce()) {
        // Until one file is left, so that the next ones stay apart.
      }
    }
    try (DuckStore store = open(StoreOptions.defaults(1))) {
      commit(store, 70, 5, Instant.EPOCH);
      commit(store, 75, 6, Instant.EPOCH);
    }
    List<DataFile> present;
    try (Catalogue catalogue = Catalogue.open(new OsDisk(directory), 1, 2)) {
      present = catalogue.state().tables().get("events").present();
    }
    Path cut = directory.resolve(present.get(1).path());
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), 100));
    Files.delete(directory.resolve(present.get(2).path()));
    for (int start = 0; start < 2; start++) {
      try (DuckStore store = open(StoreOptions.defaults(1))) {
        assertFalse(store.status().healthy());
        assertTrue(store.status().detail().contains("set aside"), store.status().detail());
        assertTrue(store.status().detail().contains("missing"), store.status().detail());
        assertEquals(70L, TestAnswer.of(store, "SELECT count(*) FROM events").value());
      }
    }
  }

  @Test
  void filesAreLeftAloneWhenTheCatalogueIsDamaged() throws Exception {
    try (DuckStore store = open()) {
      commit(store, 0, 10, Instant.EPOCH);
    }
    Path journal = directory.resolve(Catalogue.NAME);
    byte[] bytes = Files.readAllBytes(journal);
    int copy = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(8);
    bytes[20] ^= 1;
    bytes[20 + Journal.FRAME_BYTES + copy] ^= 1;
    Files.write(journal, bytes);
    List<Path> before = files();
    try (DuckStore store = open()) {
      assertEquals(0, store.committed());
      assertEquals(before, files());
      assertFalse(store.status().healthy());
    }
  }

  /** A catalogue cut to an earlier commit must not take the later files for a crash's leavings. */
  @Test
  void filesAreLeftAloneWhenTheCatalogueLostItsEnd() throws Exception {
    Path journal = directory.resolve(Catalogue.NAME);
    byte[] early;
    try (DuckStore store = open()) {
      commit(store, 0, 10, Instant.EPOCH);
      early = Files.readAllBytes(journal);
      commit(store, 10, 10, Instant.EPOCH);
      commit(store, 20, 10, Instant.EPOCH);
    }
    List<Path> before = files();
    Files.write(journal, early);
    try (DuckStore store = open(StoreOptions.defaults(1))) {
      assertEquals(10, store.committed());
      assertEquals(before, files());
      assertTrue(store.status().detail().contains("its end was lost"), store.status().detail());
    }
  }

  @Test
  void aStoreIsOpenOnce() throws Exception {
    try (DuckStore store = open()) {
      assertThrows(IOException.class, this::open);
      assertTrue(store.status().healthy());
    }
    open().close();
  }

  @Test
  void aFailedCommitCanBeRepeated() throws Exception {
    try (DuckStore store = open()) {
      TestRows rows = new TestRows(store, "events", 0);
      rows.add(0, Instant.EPOCH, Map.of("n", 1L)).publish(1);
      Cut cut = rows.intake().cut();
      Path blocked = directory.resolve(FileWriter.ROOT).resolve("events/day=1970-01-01");
      Files.createDirectories(blocked.getParent());
      Files.writeString(blocked, "in the way of the directory");
      assertInstanceOf(Commit.Failed.class, store.commit(cut, new byte[0]));
      assertFalse(store.status().healthy());
      assertEquals(1L, TestAnswer.of(store, "SELECT count(*) FROM events").value());
      Files.delete(blocked);
      assertInstanceOf(Commit.Done.class, store.commit(cut, new byte[0]));
      assertTrue(store.status().healthy());
      assertEquals(1L, TestAnswer.of(store, "SELECT sum(data.n)::BIGINT FROM events").value());
    }
  }

  @Test
  void mergesAreNotNoticed() throws Exception {
    String sql = "SELECT * EXCLUDE (data_raw) FROM events ORDER BY log_offset";
    try (DuckStore store = open()) {
      for (int i = 0; i < 20; i++) {
        commit(store, i * 50L, 50, Instant.EPOCH.plus(Duration.ofDays(i % 3)));
      }
      List<?> before = TestAnswer.of(store, sql).rows();
      assertEquals(1_000, before.size());
      while (store.mergeOnce()) {
        assertEquals(before, TestAnswer.of(store, sql).rows());
      }
      assertTrue(store.status().files() <= 4, store.status()::toString);
      assertEquals(1_000, store.committed());
      assertEquals(before, TestAnswer.of(store, sql).rows());
      commit(store, 1_000, 1, Instant.EPOCH);
      commit(store, 1_001, 1, Instant.EPOCH);
      commit(store, 1_002, 1, Instant.EPOCH);
    }
    try (DuckStore store = open()) {
      assertEquals(1_003L, TestAnswer.of(store, "SELECT count(*) FROM events").value());
    }
  }

  /**
   * Names and bytes that senders may choose, none of which may keep a commit or a query from
   * working.
   */
  @Test
  void hostileDataIsStored() throws Exception {
    try (DuckStore store = open()) {
      TestRows rows = new TestRows(store, "events", 0);
      Map<String, Object> data = new LinkedHashMap<>();
      for (String name :
          List.of(
              "it's",
              "a\"b",
              "a.b",
              " ",
              "\n",
              "SELECT",
              "__duckdb_field_id",
              "é",
              "x".repeat(200),
              "-- ;",
              "\\")) {
        data.put(name, 1L);
      }
      data.put("empty", Map.of());
      data.put("nested", Map.of("it's", Map.of("__duckdb_field_id", "x")));
      data.put("zero", "a\0b");
      rows.add(0, Instant.EPOCH, data);
      RowChunk chunk = rows.chunk();
      chunk.raw.set(1, new byte[] {(byte) 0xff, 0, 1, (byte) 0xfe}, 0, 4);
      chunk.rest.set(1, new byte[] {'{', (byte) 0xff}, 0, 2);
      chunk.subject.set(1, new byte[] {'s', (byte) 0xc0}, 0, 2);
      chunk.offset.set(1, 1);
      chunk.endRow(1);
      rows.publish(2);
      checkHostile(store);
      assertInstanceOf(Commit.Done.class, store.commit(rows.intake().cut(), new byte[0]));
      checkHostile(store);
    }
  }

  private static void checkHostile(DuckStore store) throws InterruptedException {
    TestAnswer all = TestAnswer.of(store, "SELECT * FROM events ORDER BY log_offset");
    assertEquals(2, all.count());
    TestAnswer some =
        TestAnswer.of(
            store,
            """
            SELECT data."it's", data."a""b", data."a.b", data." ", data."SELECT", data."é", data.nested."it's", data.zero
            FROM events ORDER BY log_offset
            """);
    assertEquals(
        List.of(1L, 1L, 1L, 1L, 1L, 1L, Map.of("__duckdb_field_id", "x"), "a\0b"),
        some.rows().getFirst());
    TestAnswer raw = TestAnswer.of(store, "SELECT hex(data_raw) FROM events WHERE log_offset = 1");
    assertEquals("FF0001FE", raw.value());
  }
}
