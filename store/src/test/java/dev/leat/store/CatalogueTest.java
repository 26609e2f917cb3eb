package dev.leat.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
        version * 1_000,
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
      CatalogueState.Position position = catalogue.state().position();
      assertEquals(3, position.version());
      assertEquals(30, position.next());
      assertEquals("c3RhdGU2", position.state());
      assertEquals(2_000, position.atMicros()); // A merge makes no other state.
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
      assertEquals(List.of(), catalogue.state().unneeded());
      catalogue.commit(change(5, "e"));
      assertEquals(
          List.of("a"), catalogue.state().unneeded().stream().map(DataFile::path).toList());
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

  /** The copy of a rollback is no second one. */
  @Test
  void aFlippedBitInARollbackCostsNothing() throws Exception {
    commitThree(new ArrayList<>(), new ArrayList<>());
    int begin = disk.bytes(Catalogue.NAME).length;
    CatalogueState back;
    try (Catalogue catalogue = open(disk)) {
      assertEquals(4, VersionList.rollback(catalogue, 1, 5_000));
      back = catalogue.state();
      assertEquals(List.of("f1"), present(catalogue).stream().map(DataFile::path).toList());
    }
    int size = disk.bytes(Catalogue.NAME).length;
    for (long bit = begin * 8L; bit < size * 8L; bit++) {
      SimDisk flipped = disk.copy();
      flipped.corrupt(Catalogue.NAME, bit);
      try (Catalogue catalogue = open(flipped)) {
        assertEquals(back, catalogue.state(), "flipped " + bit);
        assertEquals("", catalogue.damage());
        catalogue.commit(change(5, "f5"));
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
            0,
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
          List.of(withoutFormat(CatalogueState.empty(2)), CatalogueCodec.encode(first))) {
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
              0,
              new TreeMap<>(Map.of("orders", CatalogueState.TableChange.noting(Map.of("a", 5L))))));
    }
    try (Catalogue catalogue = open(old)) {
      assertEquals(List.of(file.addedAt(1).withChecksum(5)), present(catalogue));
    }
  }

  private static byte[] withoutFormat(CatalogueState state) {
    String text = new String(CatalogueCodec.encode(state), UTF_8);
    return text.replace("\"format\":4,", "").getBytes(UTF_8);
  }

  /**
   * The checksummed state decides if the magic has been damaged: it is of this version, or of the
   * one before, which did not say so.
   */
  @Test
  void aDamagedMagicIsNotTakenForAnotherVersion() throws Exception {
    for (char version = '1'; version <= '9'; version++) {
      SimDisk damaged = withMagic(version, new String(CatalogueCodec.encode(three()), UTF_8));
      try (Catalogue catalogue = open(damaged)) {
        assertEquals(three(), catalogue.state());
        assertEquals("", catalogue.damage());
      }
      assertEquals('4', damaged.bytes(Catalogue.NAME)[7]);
    }
    for (char version : new char[] {'0', '3', '6'}) {
      SimDisk damaged = withMagic(version, new String(withoutFormat(three()), UTF_8));
      try (Catalogue catalogue = open(damaged)) {
        assertEquals(3, catalogue.state().version());
      }
    }
  }

  private static CatalogueState three() {
    return CatalogueState.empty(2)
        .apply(change(1, "a"), KEEP)
        .apply(change(2, "b"), KEEP)
        .apply(change(3, "c"), KEEP);
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
                0,
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
        catalogue.commit(new CatalogueState.Change(version, version, state, 0, new TreeMap<>()));
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

  /** A directory of another program is refused with both versions, and left as it is. */
  @Test
  void otherVersionsOfTheFormatAreRefused() throws Exception {
    SimDisk first = withMagic('1', "{\"state\":{\"version\":0}}");
    assertRefused(first, "format 1", "formats 2 and 4");
    SimDisk newer = withMagic('5', "{\"state\":{\"format\":5,\"other\":true}}");
    assertRefused(newer, "format 5", "up to 4");
    assertRefused(withMagic('4', "{\"state\":{\"format\":5}}"), "format 5", "up to 4");
    SimDisk otherFrames = withMagic('6', "{}");
    otherFrames.overwrite(Catalogue.NAME, new byte[20], 8);
    assertRefused(otherFrames, "format 6", "up to 4");
  }

  private static SimDisk withMagic(char version, String payload) throws IOException {
    SimDisk disk = new SimDisk();
    try (Disk.File file = disk.open(Catalogue.NAME)) {
      file.write(ByteBuffer.wrap(("LEATCAT" + version).getBytes(UTF_8)), 0);
      file.write(Journal.record(payload.getBytes(UTF_8)), 8);
      file.force();
      disk.forceDirectory("");
    }
    return disk;
  }

  private static void assertRefused(SimDisk disk, String... parts) {
    byte[] before = disk.bytes(Catalogue.NAME);
    IOException refused = assertThrows(IOException.class, () -> open(disk));
    for (String part : parts) {
      assertTrue(refused.getMessage().contains(part), refused.getMessage());
    }
    assertArrayEquals(before, disk.bytes(Catalogue.NAME));
  }

  /** A file of the format before: its last version is there, and it becomes one of this format. */
  @Test
  void theFormatBeforeIsRead() throws Exception {
    String payload =
        """
        {"state": {"version": 41, "partitions": 2,
          "history": [{"version": 40, "next": 9, "state": "b2xk"}, {"version": 41, "next": 12, "state": "c3RhdGU="}],
          "tables": [{"spec": {"name": "orders", "declared": false, "flat": false}, "expiredRows": 3,
            "fields": [], "files": []}]}}
        """;
    SimDisk old = withMagic('2', payload);
    for (int life = 0; life < 2; life++) {
      try (Catalogue catalogue = open(old)) {
        assertEquals(List.of(41L), versions(catalogue));
        assertEquals(12, catalogue.state().position().next());
        assertEquals(
            3, Objects.requireNonNull(catalogue.state().tables().get("orders")).expiredRows());
      }
      assertEquals('4', old.bytes(Catalogue.NAME)[7]);
    }
  }

  private static List<Long> versions(Catalogue catalogue) {
    return catalogue.state().versions().stream().map(CatalogueState.Position::version).toList();
  }

  @Test
  void manyMergesLeaveThreeStates() throws Exception {
    try (Catalogue catalogue = open(disk)) {
      catalogue.commit(change(1, "a"));
      catalogue.commit(change(2, "b"));
      for (long version = 4; version <= 40; version++) {
        catalogue.commit(
            new CatalogueState.Change(
                version - 1,
                20,
                null,
                0,
                new TreeMap<>(
                    Map.of(
                        "orders",
                        CatalogueState.TableChange.merging(
                            file("m" + version),
                            version == 4 ? List.of("a", "b") : List.of("m" + (version - 1)))))));
      }
      assertEquals(List.of(39L, 1L, 0L), versions(catalogue));
      assertTrue(catalogue.state().files().anyMatch(file -> file.path().equals("a")));
      assertFalse(catalogue.state().files().anyMatch(file -> file.path().equals("b")));
    }
  }

  /** Whatever commits, merges and rollbacks there were: each version has what it had at first. */
  @Test
  void everyVersionStaysWhatItWas() {
    Seeds.run(60, (_, chance) -> wander(new SimDisk(), chance));
  }

  private static void wander(SimDisk disk, RandomGenerator chance) throws IOException {
    Map<Long, Map<String, List<String>>> files = new TreeMap<>(Map.of(0L, Map.of()));
    Map<Long, CatalogueState.Position> positions = new TreeMap<>();
    for (int life = 0; life < 4; life++) {
      try (Catalogue catalogue = open(disk)) {
        for (int step = 0; step < 12; step++) {
          long version = catalogue.state().version() + 1;
          if (chance.nextInt(6) == 0) {
            List<Long> choice = new ArrayList<>(versions(catalogue));
            choice.add(0L);
            long to = choice.get(chance.nextInt(choice.size()));
            long _ = VersionList.rollback(catalogue, to, version);
            files.put(version, Objects.requireNonNull(files.get(to)));
          } else {
            catalogue.commit(random(catalogue.state(), version, chance));
            files.put(version, paths(catalogue.state(), version));
          }
          positions.put(version, catalogue.state().position());
          check(catalogue.state(), files, positions);
        }
      }
    }
  }

  private static CatalogueState.Change random(
      CatalogueState state, long version, RandomGenerator chance) {
    CatalogueState.TableState table = state.tables().get("orders");
    List<String> present =
        table == null ? List.of() : table.present().stream().map(DataFile::path).toList();
    boolean merge = !present.isEmpty() && chance.nextInt(3) == 0;
    List<String> gone = merge ? present.subList(0, 1 + chance.nextInt(present.size())) : List.of();
    boolean expiry = merge && chance.nextBoolean();
    int fields = table == null ? 0 : table.fields().size();
    return new CatalogueState.Change(
        version,
        merge ? state.position().next() : version,
        merge ? null : "s" + version,
        version,
        new TreeMap<>(
            Map.of(
                "orders",
                new CatalogueState.TableChange(
                    table == null ? TableSpec.open("orders") : null,
                    expiry ? List.of() : List.of(file("f" + version)),
                    expiry ? List.of() : gone,
                    expiry ? gone : List.of(),
                    merge
                        ? List.of()
                        : List.of(
                            new DataSchema.Entry(fields, -1, "v" + version, DataSchema.Kind.LONG)),
                    Map.of()))));
  }

  private static Map<String, List<String>> paths(CatalogueState state, long version) {
    Map<String, List<String>> paths = new TreeMap<>();
    state
        .filesAt(version)
        .forEach(
            (table, all) -> {
              if (!all.isEmpty()) {
                paths.put(table, all.stream().map(DataFile::path).sorted().toList());
              }
            });
    return paths;
  }

  private static void check(
      CatalogueState state,
      Map<Long, Map<String, List<String>>> files,
      Map<Long, CatalogueState.Position> positions) {
    for (CatalogueState.Position position : state.history()) {
      assertEquals(files.get(position.version()), paths(state, position.version()));
      if (position.version() > 0) {
        assertEquals(positions.get(position.version()), position);
      }
    }
    state
        .tables()
        .forEach(
            (name, table) ->
                assertEquals(
                    table.present().stream().map(DataFile::path).sorted().toList(),
                    paths(state, state.version()).getOrDefault(name, List.of())));
  }
}
