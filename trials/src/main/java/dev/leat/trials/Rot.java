package dev.leat.trials;

import dev.leat.testkit.SimDisk;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

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

  /** Damages one place; a disk without files stays as it is. */
  static Rot strike(SimDisk disk, RandomGenerator chance) {
    List<String> files =
        disk.files().stream()
            .filter(name -> DIRECTORIES.contains(name.substring(0, name.indexOf('/') + 1)))
            .filter(name -> disk.sectors(name) > 0)
            .toList();
    if (files.isEmpty()) {
      return new Rot("", "nothing was there yet");
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
      case 2 -> {
        boolean was = disk.makeStale(file, sector);
        yield new Rot(was ? file : "", "sector %d never written".formatted(sector));
      }
      case 3 -> {
        int into = chance.nextInt(sectors);
        disk.misdirect(file, sector, file, into);
        yield new Rot(file, "sector %d written to %d".formatted(sector, into));
      }
      default -> unreadable(disk, file, sector);
    };
  }

  /** Only of the log: a state that can't be read is no reason to forget it, and ends the start. */
  private static Rot unreadable(SimDisk disk, String file, int sector) {
    if (!file.startsWith(LOG)) {
      return new Rot("", "nothing");
    }
    disk.makeBad(file, sector);
    return new Rot(file, "sector %d can't be read".formatted(sector));
  }
}
