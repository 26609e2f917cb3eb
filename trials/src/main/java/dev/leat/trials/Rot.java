package dev.leat.trials;

import dev.leat.testkit.SimDisk;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Damage at rest: while no process runs, something on the disk is no longer what was forced. One
 * place in the log, in the state or in the results of metrics; the store's journal is a model, and
 * what its original does with damage is the matter of {@code leat damage}.
 *
 * @param file where
 * @param what in words
 */
record Rot(String file, String what) {
  private static final String LOG = "log/";
  private static final Set<String> DIRECTORIES = Set.of(LOG, "state/", "cells/");

  /** Whether events may be gone; all else can be made again. */
  boolean ofLog() {
    return file.startsWith(LOG);
  }

  /** Damages one place; null if what was struck is as it was before, or nothing was there yet. */
  static @Nullable Rot strike(SimDisk disk, RandomGenerator chance) {
    List<String> files =
        disk.files().stream()
            .filter(name -> DIRECTORIES.contains(name.substring(0, name.indexOf('/') + 1)))
            .filter(name -> disk.sectors(name) > 0)
            .toList();
    if (files.isEmpty()) {
      return null;
    }
    String file = files.get(chance.nextInt(files.size()));
    int sectors = disk.sectors(file);
    int sector = chance.nextInt(sectors);
    return switch (chance.nextInt(5)) {
      case 0 -> {
        long bit = chance.nextLong(8L * disk.bytes(file).length);
        disk.corrupt(file, bit);
        yield new Rot(file, "bit %d flipped".formatted(bit));
      }
      case 1 -> {
        long bytes = chance.nextLong(disk.bytes(file).length);
        disk.truncate(file, bytes);
        yield new Rot(file, "cut to %d bytes".formatted(bytes));
      }
      case 2 ->
          disk.makeStale(file, sector)
              ? new Rot(file, "sector %d never written".formatted(sector))
              : null;
      case 3 -> {
        int into = chance.nextInt(sectors);
        disk.misdirect(file, sector, file, into);
        yield new Rot(file, "sector %d written to %d".formatted(sector, into));
      }
      default -> {
        disk.makeBad(file, sector);
        yield new Rot(file, "sector %d can't be read".formatted(sector));
      }
    };
  }
}
