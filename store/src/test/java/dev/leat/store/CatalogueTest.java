package dev.leat.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.DataSchema;
import dev.leat.event.Disk;
import dev.leat.event.TableSpec;
import dev.leat.testkit.Seeds;
import dev.leat.testkit.SimDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class CatalogueTest {
  private static final int KEEP = 3;

  private final SimDisk disk = new SimDisk();

  private static Catalogue open(SimDisk on) throws IOException {
    return Catalogue.open(on, 2, KEEP);
  }

  private static DataFile file(String name) {
    return new DataFile(
        name,
        1,
        11_323,
        10,
        1_000,
        0xfedc_ba98_7654_3210L,
        5_000,
        new DataFile.Span(-5, 5, 6, 0, 9),
        0,
        DataFile.PRESENT);
  }

  private static CatalogueState.Change change(long version, String added, String... removed) {
    return new CatalogueState.Change(
        version,
        version * 10,
        version % 3 == 0 ? null : "c3RhdGU" + version,
        new TreeMap<>(Map.of("orders", table(version, added, removed))));
  }

  private static CatalogueState.TableChange table(long version, String added, String... removed) {
    return new CatalogueState.TableChange(
        version == 1 ? new TableSpec("orders", true, false, "data.id", Duration.ofDays(30)) : null,
        List.of(file(added)),
        List.of(removed),
        List.of(),
        List.of(
            new DataSchema.Entry(
                (int) version - 1, -1, "field \" é " + version, DataSchema.Kind.LONG)),
        Map.of());
  }

  private static List<DataFile> present(Catalogue catalogue) {
    return Objects.requireNonNull(catalogue.state().tables().get("orders")).present();
  }

  @Test
  void whatWasCommittedIsReadAgain() throws Exception {
    CatalogueState before;
    try (Catalogue catalogue = open(disk)) {
      catalogue.commit(change(1, "a"));
      catalogue.commit(change(2, "b"));
      catalogue.commit(change(3, "ab", "a", "b"));
      before = catalogue.state();
    }
    try (Catalogue catalogue = open(disk)) {
      assertEquals(before, catalogue.state());
      assertEquals(new CatalogueState.Position(3, 30, "c3RhdGU2"), catalogue.state().position());
      assertEquals(List.of("ab"), present(catalogue).stream().map(DataFile::path).toList());
    }
  }

  @Test
  void removedFilesAreKeptForTheLastVersions() throws Exception {
    try (Catalogue catalogue = open(disk)) {
      catalogue.commit(change(1, "a"));
      catalogue.commit(change(2, "b", "a"));
      catalogue.commit(change(3, "c"));
      catalogue.commit(change(4, "d"));
      assertEquals(List.of(), catalogue.state().unneeded(KEEP));
      catalogue.commit(change(5, "e"));
      assertEquals(
          List.of("a"), catalogue.state().unneeded(KEEP).stream().map(DataFile::path).toList());
      catalogue.commit(change(6, "f"));
      assertFalse(catalogue.state().files().anyMatch(file -> file.path().equals("a")));
      assertEquals(KEEP + 1, catalogue.state().history().size());
    }
  }

  /**
   * Whatever a crash leaves of the last record, the commits before it are there, and the next one
   * works. One copy of a record is enough.
   */
  @Test
  void aTornTailIsCutAtEveryByte() throws Exception {
    List<CatalogueState> states = new ArrayList<>();
    List<Integer> ends = new ArrayList<>();
    commitThree(states, ends);
    int size = ends.getLast();
    for (int length = ends.getFirst(); length <= size; length++) {
      SimDisk torn = disk.copy();
      torn.truncate(Catalogue.NAME, length);
      int survived = 0;
      while (survived + 1 < ends.size()
          && (ends.get(survived) + ends.get(survived + 1)) / 2 <= length) {
        survived++;
      }
      try (Catalogue catalogue = open(torn)) {
        assertEquals(states.get(survived), catalogue.state(), "cut at " + length);
        assertEquals("", catalogue.damage());
        catalogue.commit(change(survived + 1, "next"));
      }
      try (Catalogue catalogue = open(torn)) {
        assertEquals(survived + 1, catalogue.state().version());
      }
    }
  }

  @Test
  void aFlippedBitCostsNothing() throws Exception {
    List<CatalogueState> states = new ArrayList<>();
    commitThree(states, new ArrayList<>());
    int size = disk.bytes(Catalogue.NAME).length;
    for (long bit = 0; bit < size * 8L; bit++) {
      SimDisk flipped = disk.copy();
      flipped.corrupt(Catalogue.NAME, bit);
      for (int start = 0; start < 2; start++) {
        try (Catalogue catalogue = open(flipped)) {
          assertEquals(states.getLast(), catalogue.state(), "flipped " + bit);
          assertEquals("", catalogue.damage());
        }
      }
    }
  }

  /** Both copies of a record: the state is an earlier one, and said to be damaged. */
  @Test
  void aRecordBothCopiesOfWhichAreDamagedEndsTheCatalogue() throws Exception {
    List<CatalogueState> states = new ArrayList<>();
    List<Integer> ends = new ArrayList<>();
    commitThree(states, ends);
    for (int record = 0; record < 3; record++) {
      int begin = record == 0 ? Journal.MAGIC.length : ends.get(record - 1);
      int middle = (begin + ends.get(record)) / 2;
      SimDisk broken = disk.copy();
      broken.corrupt(Catalogue.NAME, 8L * (begin + Journal.FRAME_BYTES + 3));
      broken.corrupt(Catalogue.NAME, 8L * (middle + Journal.FRAME_BYTES + 3));
      try (Catalogue catalogue = open(broken)) {
        assertEquals(states.get(Math.max(0, record - 1)), catalogue.state());
        assertFalse(catalogue.damage().isEmpty());
      }
    }
  }

  /** What an earlier version wrote: each record once, files without checksums. */
  @Test
  void theSecondVersionOfTheFormatIsRead() throws Exception {
    DataFile file =
        new DataFile(
            "a", 1, 1, 10, 1_000, null, 5_000, new DataFile.Span(0, 1, 1, 0, 9), 0, Long.MAX_VALUE);
    CatalogueState.TableChange adds = change(1, "a").tables().firstEntry().getValue();
    CatalogueState.Change first =
        new CatalogueState.Change(
            1,
            10,
            "",
            new TreeMap<>(
                Map.of(
                    "orders",
                    new CatalogueState.TableChange(
                        adds.spec(), List.of(file), List.of(), List.of(), List.of(), Map.of()))));
    SimDisk old = new SimDisk();
    long at = 8;
    try (Disk.File out = old.open(Catalogue.NAME)) {
      out.write(ByteBuffer.wrap("LEATCAT2".getBytes(US_ASCII)), 0);
      for (byte[] payload :
          List.of(CatalogueCodec.encode(CatalogueState.empty(2)), CatalogueCodec.encode(first))) {
        ByteBuffer both = Journal.record(payload);
        out.write(both.limit(both.limit() / 2), at);
        at += Journal.FRAME_BYTES + payload.length;
      }
    }
    for (int start = 0; start < 2; start++) {
      try (Catalogue catalogue = open(old)) {
        assertEquals(List.of(file.addedAt(1)), present(catalogue));
        assertEquals("", catalogue.damage());
      }
    }
    try (Catalogue catalogue = open(old)) {
      catalogue.commit(
          new CatalogueState.Change(
              2,
              10,
              null,
              new TreeMap<>(Map.of("orders", CatalogueState.TableChange.noting(Map.of("a", 5L))))));
    }
    try (Catalogue catalogue = open(old)) {
      assertEquals(List.of(file.addedAt(1).withChecksum(5)), present(catalogue));
    }
  }

  @Test
  void aLaterVersionOfTheFormatIsRefused() throws Exception {
    open(disk).close();
    disk.overwrite(Catalogue.NAME, "7".getBytes(US_ASCII), 7);
    IOException refused = assertThrows(IOException.class, () -> open(disk));
    assertTrue(refused.getMessage().contains("later version"), refused.getMessage());
  }

  private void commitThree(List<CatalogueState> states, List<Integer> ends) throws IOException {
    try (Catalogue catalogue = open(disk)) {
      for (int version = 1; version <= 3; version++) {
        states.add(catalogue.state());
        ends.add(disk.bytes(Catalogue.NAME).length);
        catalogue.commit(change(version, "f" + version));
      }
      states.add(catalogue.state());
      ends.add(disk.bytes(Catalogue.NAME).length);
    }
  }

  /**
   * The power goes at every change of the disk there is, with rewrites among them: what was
   * answered is kept.
   */
  @Test
  void powerCutsLoseNoCommit() {
    Seeds.run(
        5,
        (_, chance) -> {
          for (long cut = 0; powerCutAt(cut, chance); cut++) {
            // The next change of the disk.
          }
        });
  }

  /** Whether the power went before all was done. */
  private static boolean powerCutAt(long cut, RandomGenerator chance) throws IOException {
    SimDisk disk = new SimDisk();
    open(disk).close();
    disk.cutPowerAfter(cut);
    long done = commitUntilFailure(disk, 0, 12);
    boolean wasCut = disk.isPowerCut();
    disk.crash(chance);
    try (Catalogue catalogue = open(disk)) {
      long found = catalogue.state().version();
      assertTrue(
          found == done || (found == done + 1 && wasCut),
          "%d committed, %d found".formatted(done, found));
      assertEquals("", catalogue.damage());
      assertEquals(found * 10, catalogue.state().position().next());
    }
    return wasCut;
  }

  /** Commits with rows wide enough that some rewrite the file; returns how many were answered. */
  private static long commitUntilFailure(SimDisk disk, long from, long to) throws IOException {
    long version = from;
    try (Catalogue catalogue = open(disk)) {
      while (version < to) {
        catalogue.commit(change(version + 1, "f" + version + "x".repeat(150_000)));
        version++;
      }
    } catch (IOException failed) {
      return version;
    }
    return version;
  }

  /**
   * A write or force that fails once leaves the commit undone, and the same change can be committed
   * again.
   */
  @Test
  void aFailedWriteCanBeRepeated() {
    Seeds.run(
        30,
        (_, chance) -> {
          SimDisk sim = new SimDisk();
          try (Catalogue catalogue = open(sim)) {
            for (int version = 1; version <= 10; version++) {
              CatalogueState before = catalogue.state();
              boolean fails = chance.nextBoolean();
              if (fails && chance.nextBoolean()) {
                sim.failWrite(0);
              } else if (fails) {
                sim.failForce(0);
              }
              CatalogueState.Change change = change(version, "f" + version);
              if (fails) {
                assertThrows(IOException.class, () -> catalogue.commit(change));
                assertEquals(before, catalogue.state());
              }
              catalogue.commit(change);
            }
          }
          sim.crash(chance);
          try (Catalogue catalogue = open(sim)) {
            assertEquals(10, catalogue.state().version());
          }
        });
  }

  @Test
  void whatIsBuiltOnTheWorkOfADeadProcessIsDurable() {
    Seeds.run(
        300,
        (seed, chance) -> {
          SimDisk sim = new SimDisk();
          sim.cutPowerAfter(1 + chance.nextInt(9));
          try (Catalogue catalogue = open(sim)) {
            catalogue.commit(change(1, "a"));
            catalogue.commit(change(2, "b"));
          } catch (IOException died) {
            assertTrue(sim.isPowerCut());
          }
          sim.kill();
          long version;
          try (Catalogue catalogue = open(sim)) {
            version = catalogue.state().position().version() + 1;
            catalogue.commit(change(version, "c"));
          }
          sim.crash(chance);
          try (Catalogue catalogue = open(sim)) {
            assertEquals(version, catalogue.state().position().version());
          }
        });
  }

  @Test
  void aLongJournalIsRewritten() throws Exception {
    int largest = 0;
    try (Catalogue catalogue = open(disk)) {
      for (int version = 1; version <= 5_000; version++) {
        String[] removed = version == 1 ? new String[0] : new String[] {"f" + (version - 1)};
        catalogue.commit(
            new CatalogueState.Change(
                version,
                version,
                "",
                new TreeMap<>(Map.of("orders", table(version, "f" + version, removed)))));
        largest = Math.max(largest, disk.bytes(Catalogue.NAME).length);
      }
    }
    // The state alone grows to some 400 KB, for its 5,000 fields.
    assertTrue(largest <= 2 << 20, "grew to " + largest);
    try (Catalogue catalogue = open(disk)) {
      assertEquals(5_000, catalogue.state().version());
    }
  }

  @Test
  void anotherNumberOfPartitionsIsRefused() throws Exception {
    open(disk).close();
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> Catalogue.open(disk, 3, KEEP));
    assertTrue(refused.getMessage().contains("2 partitions"), refused.getMessage());
  }

  @Test
  void largeStatesAreKeptForTheLastVersionsInABoundedFile() throws Exception {
    int bytes = 150_000;
    int largest = 0;
    try (Catalogue catalogue = open(disk)) {
      for (int version = 1; version <= 200; version++) {
        String state = "s" + version + "x".repeat(bytes);
        catalogue.commit(new CatalogueState.Change(version, version, state, new TreeMap<>()));
        largest = Math.max(largest, disk.bytes(Catalogue.NAME).length);
      }
    }
    assertTrue(largest <= (KEEP + 2) * 4 * (bytes + 100), "grew to " + largest);
    try (Catalogue catalogue = open(disk)) {
      for (CatalogueState.Position position : catalogue.state().history()) {
        assertTrue(position.state().startsWith("s" + position.version() + "x"));
      }
      assertEquals(KEEP + 1, catalogue.state().history().size());
    }
  }

  @Test
  void theFirstVersionOfTheFormatIsRefused() throws Exception {
    open(disk).close();
    SimDisk old = disk.copy();
    old.overwrite(Catalogue.NAME, "1".getBytes(US_ASCII), 7);
    IOException refused = assertThrows(IOException.class, () -> open(old));
    assertTrue(refused.getMessage().contains("earlier pre-release"), refused.getMessage());
  }
}
