package dev.leat.engine;

import dev.leat.engine.CellFile.Place;
import dev.leat.event.Disk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is left of a commit of which files were set aside. Of the memory, what the other files say.
 * Of the results of metrics, every block that is whole; a bucket that has lost one is gone, since
 * the rest of it would be a wrong answer, and rows tell what it held.
 *
 * @param parts the commit as it can be gone on from
 * @param lostMemory how many files the memory has lost
 * @param lostResults whether results are missing that rows may tell
 */
record Remains(Checkpoint.Parts parts, int lostMemory, boolean lostResults) {
  /** Finds out what is left, and writes the files that the parts name. */
  static Remains of(Disk disk, Checkpoint.Parts parts) throws IOException {
    byte[] memory = parts.memory();
    int lost = 0;
    if (memory.length > 0) {
      try {
        StateManifest manifest = StateManifest.decode(memory);
        Set<String> missing = missing(disk, manifest.files());
        lost = missing.size();
        memory = manifest.without(missing).encode();
      } catch (StateDamagedException damaged) {
        lost = 1;
        memory = new byte[0];
      }
    }
    Results results = results(disk, parts.cells());
    return new Remains(
        new Checkpoint.Parts(parts.state(), memory, results.manifest().encode(), parts.metrics()),
        lost,
        results.incomplete());
  }

  private static Set<String> missing(Disk disk, Set<String> names) throws IOException {
    Set<String> missing = new HashSet<>();
    for (String name : names) {
      if (!disk.exists(name)) {
        missing.add(name);
      }
    }
    return missing;
  }

  /** In words for the operator. */
  String missing(long position) {
    List<String> missing = new ArrayList<>();
    if (lostMemory > 0) {
      missing.add(
          "ids and versions of entities in %d files, from before position %d, are not remembered any more, so that a copy of such an event would be stored again"
              .formatted(lostMemory, position));
    }
    if (lostResults) {
      missing.add(
          "results of metrics are computed anew from the rows that are there; those of rows that retention has removed are gone");
    }
    if (missing.isEmpty()) {
      missing.add("all that it said was found elsewhere");
    }
    return String.join("; ", missing);
  }

  private record Results(CellManifest manifest, boolean incomplete) {}

  private static Results results(Disk disk, byte[] encoded) throws IOException {
    CellManifest manifest;
    try {
      manifest = CellManifest.decode(encoded);
    } catch (StateDamagedException damaged) {
      return new Results(new CellManifest(0, List.of()), true);
    }
    long next = manifest.nextFile();
    List<CellManifest.Part> files = new ArrayList<>();
    Set<Place> gone = new TreeSet<>();
    for (CellManifest.Part part : manifest.files()) {
      if (disk.exists(part.name())) {
        files.add(part);
        continue;
      }
      CellScan scan = CellScan.of(disk, SetAside.aside(part.name()), part);
      if (!scan.complete()) {
        return nothing(disk, manifest);
      }
      files.add(scan.writeWhole(disk, next++));
      gone.addAll(scan.lost());
    }
    if (!gone.isEmpty()) {
      // Last, so that it goes before what any file says of these buckets.
      files.add(tombs(disk, next++, gone));
    }
    disk.forceDirectory(StateFiles.CELLS);
    return new Results(new CellManifest(next, files), !gone.isEmpty());
  }

  private static CellManifest.Part tombs(Disk disk, long number, Set<Place> gone)
      throws IOException {
    try (CellFileWriter out = new CellFileWriter(disk, number)) {
      for (Place place : gone) {
        out.add(place, true, new byte[0]);
      }
      try (CellFile file = out.finish()) {
        return file.part();
      }
    }
  }

  /** It can't be told which buckets have lost something, so none can be believed. */
  private static Results nothing(Disk disk, CellManifest manifest) throws IOException {
    for (String name : manifest.names()) {
      SetAside.move(disk, name);
    }
    return new Results(new CellManifest(manifest.nextFile(), List.of()), true);
  }
}
