package dev.leat.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.EventStore;
import dev.leat.pipeline.Level;
import dev.leat.testkit.Seeds;
import dev.leat.testkit.SimDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Starts with files of the state that are damaged: never refused, and never wrong. */
@Timeout(300)
class RestartTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  // Damage is what this is about; its reports would hide what matters.
  private static final Logger QUIET = Logger.getLogger("dev.leat.engine");

  @BeforeAll
  static void quiet() {
    QUIET.setLevel(java.util.logging.Level.OFF);
  }

  @AfterAll
  static void loud() {
    QUIET.setLevel(null);
  }

  /** Lives that end with a damaged file, or with several, against the model. */
  @Test
  void afterAnyDamageEveryEventIsWhereItShouldBe() {
    Seeds.run(15, (seed, chance) -> new Lives(chance).run());
  }

  /** Engines that are closed and started again on one log, one store and one disk. */
  private static final class Lives {
    private final RandomGenerator chance;
    private final MixRun run;
    private final MemoryStore store = new MemoryStore();
    private final SimDisk disk = new SimDisk();

    Lives(RandomGenerator chance) {
      this.chance = chance;
      this.run = new MixRun(chance);
    }

    void run() throws Exception {
      for (int life = 0; life < 4; life++) {
        try (Engine engine = start()) {
          live(engine);
          check(engine);
        }
        store.crash();
        for (int left = chance.nextInt(3); left > 0; left--) {
          String _ = damageOne();
        }
      }
      try (Engine engine = start()) {
        check(engine);
      }
    }

    String damageOne() throws IOException {
      List<String> there =
          DamagedFiles.of(store).stream().filter(name -> exists(disk, name)).toList();
      if (there.isEmpty()) {
        return "";
      }
      String name = there.get(chance.nextInt(there.size()));
      DamagedFiles.damage(disk, name, chance);
      return name;
    }

    Engine start() throws Exception {
      run.willDefine(MixDefinition.FIRST);
      return EngineRuns.start(run.log, store, disk, MixDefinition.FIRST, chance);
    }

    void live(Engine engine) throws Exception {
      for (int commits = 1 + chance.nextInt(5); commits > 0; commits--) {
        for (int left = 1 + chance.nextInt(10); left > 0; left--) {
          run.send();
        }
        assertTrue(engine.drain(PATIENCE), () -> engine.status().detail());
      }
    }

    void check(Engine engine) throws Exception {
      assertTrue(engine.drain(PATIENCE), () -> engine.status().detail());
      new ModelCheck(store, run.model).everyEventIsWhereItShouldBe();
      assertEquals("", engine.balance().detail());
      assertEquals("", engine.status().detail());
      assertEquals(run.model.streams(), engine.balance().streams());
    }
  }

  private static boolean exists(SimDisk disk, String name) {
    try {
      return disk.exists(name);
    } catch (IOException off) {
      throw new IllegalStateException(off);
    }
  }

  /** What only the last version has is damaged: the one before it is gone back to, no further. */
  @Test
  void theVersionBeforeIsGoneBackTo() throws Exception {
    Lives lives = new Lives(Seeds.chance(4));
    try (Engine engine = lives.start()) {
      lives.live(engine);
      lives.run.send();
      assertTrue(engine.drain(PATIENCE));
      lives.run.send();
      assertTrue(engine.drain(PATIENCE));
    }
    lives.store.crash();
    List<EventStore.Version> before = lives.store.versions();
    List<String> newest = new java.util.ArrayList<>(DamagedFiles.of(lives.store));
    newest.removeAll(VersionFiles.all(before.subList(1, before.size())));
    assertFalse(newest.isEmpty());
    lives.disk.corrupt(newest.getFirst(), 77);
    // The log is not there from its beginning any more, but far enough.
    lives.run.log.forgetBelow(before.get(2).nextOffset());
    try (Engine engine = lives.start()) {
      lives.check(engine);
      assertTrue(exists(lives.disk, newest.getFirst() + ".damaged"));
    }
    assertTrue(
        lives.store.versions().stream()
            .anyMatch(each -> each.version() == before.get(2).version()));
  }

  /** Neither a version nor the log helps: the start says what is missing, and goes on. */
  @Test
  void whatCanNotBeRestoredIsSaid() throws Exception {
    Lives lives = new Lives(Seeds.chance(5));
    try (Engine engine = lives.start()) {
      lives.live(engine);
    }
    lives.store.crash();
    long committed = lives.store.committed();
    for (String name : DamagedFiles.of(lives.store)) {
      lives.disk.corrupt(name, 100);
    }
    lives.run.log.forgetBelow(committed);
    try (Engine engine = lives.start()) {
      String detail = engine.status().detail();
      assertTrue(detail.contains("no version of the state is whole"), detail);
      assertTrue(detail.contains("before position " + committed), detail);
      assertTrue(engine.status().running());
      assertEquals(committed, lives.store.committed());
      lives.run.send();
      assertTrue(engine.drain(PATIENCE));
      assertEquals("", engine.balance().detail());
    }
    lives.store.crash();
    try (Engine engine = lives.start()) {
      assertTrue(engine.drain(PATIENCE));
      assertEquals("", engine.status().detail());
    }
  }

  /** Damage that is met while an engine runs stops it; the next start looks at the file. */
  @Test
  void aFileThatWasFoundDamagedIsLookedAtByTheNextStart() throws Exception {
    Lives lives = new Lives(Seeds.chance(6));
    try (Engine engine = lives.start()) {
      lives.live(engine);
    }
    lives.store.crash();
    String name = DamagedFiles.of(lives.store).getFirst();
    SetAside.suspect(lives.disk, new StateDamagedException(name, "as it seems"));
    try (Engine engine = lives.start()) {
      lives.check(engine);
    }
    assertFalse(exists(lives.disk, name + ".suspect"));
    assertFalse(exists(lives.disk, name + ".damaged"));
  }

  @Test
  void whatAnotherVersionWroteIsRefusedAndLeftAsItIs() throws Exception {
    Lives lives = new Lives(Seeds.chance(7));
    try (Engine engine = lives.start()) {
      lives.live(engine);
    }
    lives.store.crash();
    byte[] newer = lives.store.state();
    newer[3] = -3; // The format, -2, ends here.
    lives.store.overwriteState(newer);
    List<String> before = lives.disk.list("state");
    IOException refused = assertThrows(IOException.class, lives::start);
    assertTrue(refused.getMessage().contains("format 3"), refused.getMessage());
    assertTrue(refused.getMessage().contains("reads format 2"), refused.getMessage());
    assertEquals(before, lives.disk.list("state"));
  }

  @Test
  void manifestsOfOtherVersionsAreRefused() {
    byte[] state = new StateManifest(1, 2, 3, 4, 5, List.of(), List.of()).encode();
    assertRefused(renumbered(state), StateManifest::decode);
    byte[] cells = new CellManifest(7, List.of()).encode();
    assertRefused(renumbered(cells), CellManifest::decode);
  }

  private static byte[] renumbered(byte[] manifest) {
    manifest[7] = '2';
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    crc.update(manifest, 0, manifest.length - Integer.BYTES);
    java.nio.ByteBuffer.wrap(manifest)
        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
        .putInt(manifest.length - Integer.BYTES, (int) crc.getValue());
    return manifest;
  }

  private static void assertRefused(byte[] manifest, java.util.function.Consumer<byte[]> decode) {
    OtherFormatException refused =
        assertThrows(OtherFormatException.class, () -> decode.accept(manifest));
    assertTrue(refused.getMessage().contains("format 2"), refused.getMessage());
    assertTrue(refused.getMessage().contains("reads format 1"), refused.getMessage());
  }

  /**
   * Every bit of a file of results: what is not lost with it is there, and what is lost is gone in
   * all files and known to be.
   */
  @Test
  void ofAFileOfResultsAllWholeBlocksAreSaved() throws Exception {
    SimDisk disk = new SimDisk();
    CellManifest manifest = twoFiles(disk);
    String name = manifest.files().getFirst().name();
    for (long bit = 0; bit < disk.bytes(name).length * 8L; bit++) {
      SimDisk flipped = disk.copy();
      flipped.corrupt(name, bit);
      SetAside.move(flipped, name);
      Remains remains =
          Remains.of(
              flipped,
              new Checkpoint.Parts(new byte[0], new byte[0], manifest.encode(), new byte[0]));
      CellManifest left = CellManifest.decode(remains.parts().cells());
      List<CellFile.Block> blocks = new java.util.ArrayList<>();
      for (CellManifest.Part part : left.files()) {
        try (CellFile file = CellFile.open(flipped, part)) {
          file.checkBlocks();
          blocks.addAll(file.blocks());
        }
      }
      // Four blocks that were there, and for one that is lost a word that it is gone.
      assertEquals(4, blocks.size(), "bit " + bit);
      assertEquals(
          remains.lostResults() ? 1 : 0, blocks.stream().filter(CellFile.Block::isGone).count());
      if (remains.lostResults()) {
        assertTrue(blocks.getLast().isGone(), "bit " + bit);
      }
    }
    SimDisk cut = disk.copy();
    cut.truncate(name, 40);
    SetAside.move(cut, name);
    Remains nothing =
        Remains.of(
            cut, new Checkpoint.Parts(new byte[0], new byte[0], manifest.encode(), new byte[0]));
    assertTrue(nothing.lostResults());
    assertEquals(List.of(), CellManifest.decode(nothing.parts().cells()).files());
  }

  private static CellManifest twoFiles(SimDisk disk) throws IOException {
    List<CellManifest.Part> parts = new java.util.ArrayList<>();
    for (int number = 0; number < 2; number++) {
      try (CellFileWriter out = new CellFileWriter(disk, number)) {
        for (int block = 0; block < 2; block++) {
          out.add(
              new CellFile.Place(9, Level.BASE, block),
              number == 0,
              new byte[] {1, 2, 3, (byte) block});
        }
        try (CellFile file = out.finish()) {
          parts.add(file.part());
        }
      }
    }
    disk.forceDirectory("");
    return new CellManifest(2, parts);
  }
}
