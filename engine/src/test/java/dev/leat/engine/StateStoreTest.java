package dev.leat.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.OsDisk;
import dev.leat.event.Threads;
import dev.leat.pipeline.Memory;
import dev.leat.testkit.Seeds;
import dev.leat.testkit.SimDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateStoreTest {
  private static final Duration WINDOW = Duration.ofNanos(800_000);
  private static final StateOptions SMALL = new StateOptions(100, 4, 2, 3, 16, 2);

  private final SimDisk disk = new SimDisk();

  @Test
  void anIdIsKnownForItsWindowAndAtMostAnEighthLonger() throws Exception {
    for (long added = 0; added < 300; added += 7) {
      for (long later = 0; later <= 1_000; later += 5) {
        long known = known(added, added + later);
        assertTrue(later > 800 || known == 5, added + " and " + later);
        assertTrue(later < 900 || known == -1, added + " and " + later);
        // The rule in its own words.
        assertEquals((added + later) / 100 - added / 100 <= 8 ? 5 : -1, known);
      }
    }
  }

  private static long known(long added, long asked) throws IOException {
    try (StateStore store = open(new SimDisk(), new byte[0])) {
      Memory.Seen seen = store.seen("s", WINDOW);
      store.advance(added);
      store.advance(added - 50);
      add(seen, "id", 5);
      store.advance(asked);
      return first(seen, "id");
    }
  }

  @Test
  void streamsSourcesAndWindowsAreApart() throws Exception {
    try (StateStore store = open(disk, new byte[0])) {
      byte[] bytes = "abcd".getBytes(UTF_8);
      store.seen("s", WINDOW).add(bytes, 0, 1, 1, 2, 9);
      assertEquals(9, store.seen("s", WINDOW).first(bytes, 0, 1, 1, 2));
      assertEquals(-1, store.seen("s", WINDOW).first(bytes, 0, 2, 2, 1));
      assertEquals(-1, store.seen("t", WINDOW).first(bytes, 0, 1, 1, 2));
      assertEquals(-1, store.seen("s", WINDOW.multipliedBy(2)).first(bytes, 0, 1, 1, 2));
      assertEquals(9, store.find("s", "a", "bc"));
      assertEquals(-1, store.find("s", "ab", "c"));
      store.versions("s").set(bytes, 0, 2, Long.MAX_VALUE, 10);
      assertEquals(Long.MAX_VALUE, store.versions("s").of(bytes, 0, 2));
      assertEquals(Memory.Versions.NONE, store.versions("t").of(bytes, 0, 2));
      assertThrows(IllegalArgumentException.class, () -> store.seen("s", Duration.ofNanos(999)));
    }
  }

  @Test
  void cutsAreWrittenInOrderAndOnlyOnce() throws Exception {
    try (StateStore store = open(disk, new byte[0])) {
      add(store.seen("s", WINDOW), "one", 1);
      StateCut first = store.cut();
      StateCut second = store.cut();
      assertThrows(IllegalStateException.class, () -> store.write(second));
      disk.failForce(0);
      assertThrows(IOException.class, () -> store.write(first));
      byte[] manifest = store.write(first);
      assertArrayEquals(manifest, store.write(first));
      store.write(second);
      assertThrows(IllegalStateException.class, () -> store.write(first));
    }
  }

  @Test
  void aDirectoryHasAKeyOfItsOwnAndKeepsIt() throws Exception {
    byte[] first = manifest(disk, 1);
    byte[] other = manifest(new SimDisk(), 2);
    assertNotEquals(StateManifest.decode(first).key0(), StateManifest.decode(other).key0());
    try (StateStore store = StateStore.openStill(disk, first, SMALL, Seeds.chance(3))) {
      assertEquals(1, first(store.seen("s", WINDOW), "one"));
      StateManifest again = StateManifest.decode(store.write(store.cut()));
      assertEquals(StateManifest.decode(first).key0(), again.key0());
      assertEquals(StateManifest.decode(first).key1(), again.key1());
    }
  }

  private static byte[] manifest(SimDisk disk, long seed) throws Exception {
    try (StateStore store = StateStore.openStill(disk, new byte[0], SMALL, Seeds.chance(seed))) {
      add(store.seen("s", WINDOW), "one", 1);
      return store.write(store.cut());
    }
  }

  @Test
  void theLastCommitsCanBeOpenedAndOlderFilesGo() throws Exception {
    byte[][] manifests = new byte[200][];
    try (StateStore store = open(disk, new byte[0])) {
      Memory.Seen seen = store.seen("s", WINDOW);
      for (int commit = 0; commit < manifests.length; commit++) {
        for (int i = 0; i < 20; i++) {
          add(seen, commit + "-" + i, 20L * commit + i);
        }
        store.advance(commit * 20L);
        manifests[commit] = store.write(store.cut());
        store.committed(manifests[commit]);
        while (store.step()) {}
      }
      assertTrue(disk.list("state").size() < 60, "files: " + disk.list("state"));
    }
    for (int commit : new int[] {manifests.length - 2, manifests.length - 1}) {
      try (StateStore store = open(disk.copy(), manifests[commit])) {
        Memory.Seen seen = store.seen("s", WINDOW);
        assertEquals(commit * 20L, first(seen, commit + "-0"));
        assertEquals(-1, first(seen, commit + 1 + "-0"));
        assertEquals(commit * 20L - 600, first(seen, commit - 30 + "-0"));
      }
    }
  }

  @Test
  void whatIsMissingOrForeignIsReported() throws Exception {
    byte[] manifest = manifest(disk, 1);
    String delta = StateManifest.decode(manifest).files().iterator().next();
    SimDisk without = disk.copy();
    without.delete(delta);
    StateDamagedException missing =
        assertThrows(StateDamagedException.class, () -> open(without, manifest));
    assertTrue(missing.getMessage().contains(delta), missing.getMessage());
    for (int bit = 0; bit < manifest.length * 8; bit++) {
      byte[] flipped = manifest.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThrows(StateDamagedException.class, () -> StateManifest.decode(flipped));
    }
    assertThrows(StateDamagedException.class, () -> open(disk, new byte[] {1}));
    // The real one still opens.
    open(disk, manifest).close();
  }

  /** All threads at work on a real disk: no answer may be wrong at any time. */
  @Test
  void answersAreRightWhileRunsAreMadeMergedAndDropped(@TempDir Path directory) throws Exception {
    OsDisk real = new OsDisk(directory);
    StateOptions options = new StateOptions(2_000, 8, 2, 3, 16, 1);
    long ids = 200_000;
    // Every id moves log time by a microsecond; the window is far longer than the last 1000.
    Duration window = Duration.ofMillis(40);
    AtomicLong added = new AtomicLong();
    byte[] manifest;
    try (ExecutorService committer = Executors.newSingleThreadExecutor();
        StateStore store =
            StateStore.open(real, new byte[0], options, Seeds.chance(1), Threads.real())) {
      Memory.Seen seen = store.seen("s", window);
      CompletableFuture<Long> finder =
          CompletableFuture.supplyAsync(() -> findAll(store, added, ids));
      Future<byte[]> commit = CompletableFuture.completedFuture(new byte[0]);
      for (long id = 0; id < ids; id++) {
        store.advance(id);
        assertEquals(-1, first(seen, "id" + id));
        add(seen, "id" + id, id);
        long old = id - id * 7 % 30_000;
        assertEquals(old < 0 ? -1 : old, first(seen, "id" + old));
        added.set(id + 1);
        if (id % 1_000 == 999) {
          commit.get();
          StateCut cut = store.cut();
          commit =
              committer.submit(
                  () -> {
                    byte[] written = store.write(cut);
                    store.committed(written);
                    return written;
                  });
        }
      }
      manifest = commit.get();
      assertTrue(finder.get() > 0);
      assertEquals("", store.status().failure());
    }
    try (StateStore store =
        StateStore.open(real, manifest, options, Seeds.chance(2), Threads.real())) {
      Memory.Seen seen = store.seen("s", window);
      for (long id = ids - 40_000; id < ids; id++) {
        assertEquals(id, first(seen, "id" + id));
      }
      for (long id = 0; id < ids - 50_000; id += 17) {
        assertEquals(-1, first(seen, "id" + id));
      }
    }
  }

  private static long findAll(StateStore store, AtomicLong added, long ids) {
    try {
      long asked = 0;
      for (long until = 0; until < ids; asked++) {
        until = added.get();
        if (until > 0) {
          long known = Math.max(0, until - 1 - asked % 1_000);
          assertEquals(known, store.find("s", "src", "id" + known));
        }
        assertEquals(-1, store.find("s", "src", "never" + asked));
      }
      return asked;
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  @Test
  void theManifestOfADayIsSmall() throws Exception {
    try (StateStore store = open(disk, new byte[0])) {
      List<Memory.Seen> streams =
          List.of(store.seen("a", WINDOW), store.seen("b", WINDOW.multipliedBy(3)));
      int largest = 0;
      for (int commit = 0; commit < 400; commit++) {
        for (Memory.Seen seen : streams) {
          add(seen, "id" + commit, commit);
        }
        store.advance(commit * 10L);
        byte[] manifest = store.write(store.cut());
        store.committed(manifest);
        largest = Math.max(largest, manifest.length);
        store.step();
      }
      assertTrue(largest < 2_500, "bytes: " + largest);
    }
  }

  private static StateStore open(SimDisk disk, byte[] manifest) throws IOException {
    return StateStore.openStill(disk, manifest, SMALL, Seeds.chance(1));
  }

  private static void add(Memory.Seen seen, String id, long position) {
    byte[] bytes = ("src" + id).getBytes(UTF_8);
    seen.add(bytes, 0, 3, 3, bytes.length - 3, position);
  }

  private static long first(Memory.Seen seen, String id) {
    byte[] bytes = ("src" + id).getBytes(UTF_8);
    return seen.first(bytes, 0, 3, 3, bytes.length - 3);
  }
}
