package dev.leat.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.Threads;
import dev.leat.pipeline.AggregatesCut;
import dev.leat.pipeline.BucketChange;
import dev.leat.pipeline.CellBlock;
import dev.leat.pipeline.Level;
import dev.leat.testkit.SimDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CellStoreTest {
  private static final int BUCKETS = 20;

  private final SimDisk disk = new SimDisk();

  /** Readers run beside commits and the merger's thread; each bucket is of one commit. */
  @Test
  void readersSeeWholeBucketsWhileFilesAreMerged() throws Exception {
    try (CellStore store = CellStore.open(disk, new byte[0], Threads.real())) {
      List<CompletableFuture<Long>> readers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        readers.add(CompletableFuture.supplyAsync(() -> readUntil(store, "300")));
      }
      for (int number = 1; number <= 300; number++) {
        List<BucketChange> changes = new ArrayList<>();
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
          boolean whole = (bucket + number) % 5 == 0;
          changes.add(change(bucket, whole, Map.of("a", "" + number, "b", "" + number)));
        }
        store.committed(store.write(new AggregatesCut(number, new byte[0], changes)));
      }
      for (CompletableFuture<Long> reader : readers) {
        assertTrue(reader.get(50, TimeUnit.SECONDS) > 0);
      }
      assertTrue(disk.list(StateFiles.CELLS).size() < 60, "merged");
    }
  }

  private static long readUntil(CellStore store, String last) {
    long scans = 0;
    TreeMap<Long, String> seen = new TreeMap<>();
    while (seen.size() < BUCKETS || !seen.values().stream().allMatch(last::equals)) {
      store.scan(
          7,
          Level.BASE,
          0,
          BUCKETS,
          (bucket, _, block) -> {
            Map<String, @Nullable String> cells = CellStoreModel.decode(block.get());
            String value = String.valueOf(cells.get("a"));
            assertEquals(value, cells.get("b"));
            String before = seen.put(bucket, value);
            assertTrue(before == null || Integer.parseInt(before) <= Integer.parseInt(value));
          });
      scans++;
    }
    return scans;
  }

  private static BucketChange change(long bucket, boolean whole, Map<String, String> cells) {
    return new BucketChange(
        7, Level.BASE, bucket, whole, CellStoreModel.encode(new TreeMap<>(cells)));
  }

  @Test
  void aFileTakesTheNameOfALongerOneThatWasNeverCommitted() throws Exception {
    write(5, 40).close();
    try (CellFile written = write(5, 2)) {
      CellFile opened = CellFile.open(disk, written.part());
      assertEquals(2, opened.blocks().size());
      opened.close();
    }
  }

  private CellFile write(long number, int blocks) throws IOException {
    try (CellFileWriter out = new CellFileWriter(disk, number)) {
      for (int bucket = 0; bucket < blocks; bucket++) {
        out.add(new CellFile.Place(7, Level.BASE, bucket), true, CellBlock.empty());
      }
      return out.finish();
    }
  }

  /** What is made of it must be made again, also by the next process. */
  @Test
  void aBucketOfWhichNothingIsLeftIsThereUntilItIsForgotten() throws Exception {
    byte[] manifest;
    try (CellStore store = CellStore.openStill(disk, new byte[0], CellRules.defaults())) {
      store.committed(
          store.write(new AggregatesCut(1, new byte[0], List.of(change(3, true, Map.of())))));
      manifest =
          store.write(
              new AggregatesCut(2, new byte[0], List.of(change(4, true, Map.of("a", "1")))));
      store.committed(manifest);
    }
    try (CellStore store = CellStore.openStill(disk, manifest, CellRules.defaults())) {
      assertEquals(3, store.first(7, Level.BASE));
      store.forget(7, Level.BASE, 4);
      store.committed(store.write(new AggregatesCut(1, new byte[0], List.of())));
      assertEquals(4, store.first(7, Level.BASE));
    }
  }

  @Test
  void nothingIsSeenBeforeItsCommit() throws Exception {
    try (CellStore store = CellStore.openStill(disk, new byte[0], CellRules.defaults())) {
      byte[] manifest =
          store.write(
              new AggregatesCut(1, new byte[0], List.of(change(3, false, Map.of("a", "1")))));
      assertEquals(Long.MAX_VALUE, store.first(7, Level.BASE));
      store.committed(manifest);
      assertEquals(3, store.first(7, Level.BASE));
      assertEquals(Long.MAX_VALUE, store.first(7, Level.HOUR));
    }
  }

  @Test
  void aCutThatIsWrittenAgainIsTheSameAndLosesNothingThatWasSubmitted() throws Exception {
    try (CellStore store = CellStore.openStill(disk, new byte[0], CellRules.defaults())) {
      store.submit(List.of(change(1, true, Map.of("a", "1"))));
      AggregatesCut cut = new AggregatesCut(1, new byte[0], List.of());
      disk.failForce(0);
      assertThrows(IOException.class, () -> store.write(cut));
      assertTrue(store.hasRequests());
      byte[] manifest = store.write(cut);
      store.submit(List.of(change(2, true, Map.of("a", "1"))));
      assertArrayEquals(manifest, store.write(cut));
      assertTrue(store.hasRequests());
      store.committed(manifest);
      store.committed(store.write(new AggregatesCut(2, new byte[0], List.of())));
      assertFalse(store.hasRequests());
      List<Long> found = new ArrayList<>();
      store.scan(7, Level.BASE, 0, 9, (bucket, _, _) -> found.add(bucket));
      assertEquals(List.of(1L, 2L), found);
    }
  }

  @Test
  void aMergeKeepsWhatAReaderHolds() throws Exception {
    CellRules rules = new CellRules(2, 1, 1 << 20, 1);
    try (CellStore store = CellStore.openStill(disk, new byte[0], rules)) {
      commit(store, 1, change(1, true, Map.of("a", "1")), change(2, true, Map.of("a", "1")));
      List<String> values = new ArrayList<>();
      store.scan(
          7,
          Level.BASE,
          0,
          9,
          (_, _, block) -> {
            if (values.isEmpty()) {
              change(store);
            }
            values.add(String.valueOf(CellStoreModel.decode(block.get()).get("a")));
          });
      assertEquals(List.of("1", "1"), values);
    }
  }

  private static void change(CellStore store) {
    try {
      for (int number = 2; number < 9; number++) {
        commit(store, number, change(1, true, Map.of("a", "2")), change(2, true, Map.of()));
        while (store.step()) {}
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void commit(CellStore store, long number, BucketChange... changes)
      throws IOException {
    store.committed(store.write(new AggregatesCut(number, new byte[0], List.of(changes))));
  }

  @Test
  void aMissingFileIsNamed() throws Exception {
    byte[] manifest;
    try (CellStore store = CellStore.openStill(disk, new byte[0], CellRules.defaults())) {
      manifest =
          store.write(
              new AggregatesCut(1, new byte[0], List.of(change(3, false, Map.of("a", "1")))));
    }
    disk.delete("cells/0000000000000000.cells");
    String message =
        assertThrows(
                StateDamagedException.class, () -> CellStore.open(disk, manifest, Threads.real()))
            .getMessage();
    assertTrue(message.contains("cells/0000000000000000.cells is damaged: it is missing"), message);
  }
}
