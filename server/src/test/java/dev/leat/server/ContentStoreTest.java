package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.testkit.Seeds;
import dev.leat.testkit.SimDisk;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentStoreTest {
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad.csv";

  @TempDir private Path directory;

  @Test
  void copiesAreCalledByTheirContent() throws Exception {
    ContentStore store = ContentStore.in(directory);
    Path file = Files.writeString(directory.resolve("a.csv"), "abc");
    assertEquals(ABC, store.keep(file, ".csv"));
    assertEquals(ABC, store.keep(new ByteArrayInputStream("abc".getBytes(UTF_8)), ".csv"));
    assertArrayEquals("abc".getBytes(UTF_8), store.read(ABC, 3));
    assertEquals(3, Files.size(store.path(ABC)));
    assertThrows(IOException.class, () -> store.read(ABC, 2));
    assertThrows(IllegalArgumentException.class, () -> store.keep(file, "/x"));
    assertThrows(IllegalArgumentException.class, () -> store.path("../a.csv"));
  }

  @Test
  void damageIsSeen() throws Exception {
    ContentStore store = ContentStore.in(directory);
    Path file = Files.writeString(directory.resolve("a.csv"), "abc");
    Path copy = store.path(store.keep(file, ".csv"));
    Files.writeString(copy, "abd");
    IOException damaged = assertThrows(IOException.class, () -> store.read(ABC, 10));
    assertTrue(damaged.getMessage().endsWith("is damaged"), damaged.getMessage());
    assertThrows(IOException.class, () -> store.path(ABC));
    assertEquals(ABC, store.keep(file, ".csv"));
    assertEquals(3, store.read(ABC, 10).length, "keeping it again mends it");
    Files.delete(copy);
    IOException gone = assertThrows(IOException.class, () -> store.read(ABC, 10));
    assertTrue(gone.getMessage().endsWith("is gone"), gone.getMessage());
  }

  @Test
  void whatIsNotRetainedIsRemoved() throws Exception {
    ContentStore store = ContentStore.in(directory);
    String one = store.keep(new ByteArrayInputStream(new byte[1]), ".csv");
    String two = store.keep(new ByteArrayInputStream(new byte[2]), ".csv.gz");
    store.retain(Set.of(two));
    assertEquals(2, store.read(two, 10).length);
    assertThrows(IOException.class, () -> store.read(one, 10));
  }

  /** Whenever the power goes, every name that was given out has its content. */
  @Test
  void aNameThatWasGivenOutSurvivesTheLossOfPower() {
    Seeds.run(
        300,
        (_, chance) -> {
          SimDisk disk = new SimDisk();
          Map<String, byte[]> kept = new HashMap<>();
          disk.cutPowerAfter(1 + chance.nextInt(40));
          try {
            ContentStore store = ContentStore.on(disk);
            for (int i = 0; i < 20; i++) {
              byte[] content = new byte[chance.nextInt(3_000)];
              chance.nextBytes(content);
              kept.put(store.keep(new ByteArrayInputStream(content), ".csv"), content);
              if (chance.nextInt(4) == 0) {
                kept.keySet().removeIf(_ -> chance.nextBoolean());
                store.retain(kept.keySet());
              }
            }
          } catch (IOException powerCut) {
            assertTrue(disk.isPowerCut(), powerCut::toString);
          }
          disk.crash(chance);
          ContentStore after = ContentStore.on(disk);
          for (var entry : kept.entrySet()) {
            assertArrayEquals(entry.getValue(), after.read(entry.getKey(), 3_000));
          }
          after.retain(Set.of());
          assertEquals(0, disk.list("definitions").size());
        });
  }
}
