package dev.leat.engine;

import dev.leat.event.Disk;
import dev.leat.event.EventStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The files that a commit names beside the rows: those of the memory and those of the results of
 * metrics. Any thread.
 */
final class VersionFiles {
  private final StateManifest memory;
  private final CellManifest cells;

  private VersionFiles(StateManifest memory, CellManifest cells) {
    this.memory = memory;
    this.cells = cells;
  }

  /**
   * Those of a commit.
   *
   * @throws StateDamagedException if the commit does not say
   * @throws OtherFormatException if this program can't read it
   */
  static VersionFiles of(Checkpoint.Parts parts) {
    StateManifest memory =
        parts.memory().length == 0
            ? new StateManifest(0, 0, 0, 0, 0, List.of(), List.of())
            : StateManifest.decode(parts.memory());
    return new VersionFiles(memory, CellManifest.decode(parts.cells()));
  }

  /** Names of the files that any of these versions has; of one that does not say, none. */
  static Set<String> all(List<EventStore.Version> versions) {
    Set<String> names = new HashSet<>();
    for (EventStore.Version version : versions) {
      names.addAll(namesOf(version));
    }
    return names;
  }

  private static Set<String> namesOf(EventStore.Version version) {
    try {
      return of(Checkpoint.Parts.of(version.state())).names();
    } catch (StateDamagedException damaged) {
      return Set.of(); // It can't be gone back to.
    }
  }

  Set<String> names() {
    Set<String> names = new HashSet<>(memory.files());
    names.addAll(cells.names());
    return names;
  }

  /**
   * Looks at all files: that they are there, and that everything in them is as it was written.
   *
   * @param known what was found about files before; gets what is found now
   * @return what is wrong, by the name of the file
   * @throws OtherFormatException if one was written by another version of Leat
   */
  Map<String, StateDamagedException> check(
      Disk disk, Map<String, List<StateDamagedException>> known) throws IOException {
    Map<String, StateDamagedException> damaged = new TreeMap<>();
    for (StateManifest.BucketPart bucket : memory.buckets()) {
      for (long run : bucket.runs()) {
        String name = StateFiles.runName(run);
        check(disk, name, known, damaged, () -> checkRun(disk, name, run));
      }
    }
    for (StateManifest.DeltaPart delta : memory.deltas()) {
      String name = StateFiles.deltaName(delta.file());
      check(disk, name, known, damaged, () -> DeltaFile.read(disk, delta));
    }
    for (CellManifest.Part part : cells.files()) {
      check(disk, part.name(), known, damaged, () -> checkCells(disk, part));
    }
    return damaged;
  }

  /**
   * Reads what opening does not read: the results of metrics, newest first, and the versions of
   * entities, up to so many bytes.
   *
   * @throws StateDamagedException if something is not as it was written
   */
  void checkUnopened(Disk disk, long budget) throws IOException {
    long left = budget;
    for (CellManifest.Part part : cells.files().reversed()) {
      left -= part.bytes();
      if (left >= 0) {
        require(disk, part.name());
        checkCells(disk, part);
      }
    }
    for (StateManifest.BucketPart bucket : memory.buckets()) {
      for (long run :
          bucket.windowMicros() == StateIndex.ENTITIES ? bucket.runs() : List.<Long>of()) {
        String name = StateFiles.runName(run);
        require(disk, name);
        left -= size(disk, name);
        if (left >= 0) {
          checkRun(disk, name, run);
        }
      }
    }
  }

  private static long size(Disk disk, String name) throws IOException {
    try (Disk.File file = disk.open(name)) {
      return file.size();
    }
  }

  private static void require(Disk disk, String name) throws IOException {
    if (!disk.exists(name)) {
      throw new StateDamagedException(name, "it is missing");
    }
  }

  /** The same of one file that belongs to it. */
  Map<String, StateDamagedException> check(Disk disk, String name) throws IOException {
    return new VersionFiles(
            memory.without(without(memory.files(), name)),
            new CellManifest(
                cells.nextFile(),
                cells.files().stream().filter(part -> part.name().equals(name)).toList()))
        .check(disk, new TreeMap<>());
  }

  private static Set<String> without(Set<String> names, String name) {
    Set<String> others = new HashSet<>(names);
    others.remove(name);
    return others;
  }

  @FunctionalInterface
  private interface Look {
    void look() throws IOException;
  }

  private static void check(
      Disk disk,
      String name,
      Map<String, List<StateDamagedException>> known,
      Map<String, StateDamagedException> damaged,
      Look look)
      throws IOException {
    List<StateDamagedException> found = known.get(name);
    if (found == null) {
      found = new ArrayList<>();
      try {
        require(disk, name);
        look.look();
      } catch (StateDamagedException wrong) {
        found.add(wrong);
      }
      known.put(name, found);
    }
    found.forEach(wrong -> damaged.put(name, wrong));
  }

  private static void checkRun(Disk disk, String name, long number) throws IOException {
    try (Run run = Run.open(disk, name, number)) {
      run.checkPages();
    }
  }

  private static void checkCells(Disk disk, CellManifest.Part part) throws IOException {
    try (CellFile file = CellFile.open(disk, part)) {
      file.checkBlocks();
    }
  }

  StateManifest memory() {
    return memory;
  }

  CellManifest cells() {
    return cells;
  }
}
