package dev.leat.engine;

import dev.leat.testkit.SimDisk;
import java.io.IOException;
import java.util.List;
import java.util.random.RandomGenerator;

/** Damages files of the last version of the state. */
final class DamagedFiles {
  private DamagedFiles() {}

  /** Names of all files that it has, sorted. */
  static List<String> of(MemoryStore store) {
    return VersionFiles.of(Checkpoint.Parts.of(store.state())).names().stream().sorted().toList();
  }

  /** Damages one of its files somehow; the name of it, or nothing if there is none. */
  static String damageOne(SimDisk disk, MemoryStore store, RandomGenerator chance)
      throws IOException {
    List<String> files = of(store);
    if (files.isEmpty()) {
      return "";
    }
    String name = files.get(chance.nextInt(files.size()));
    damage(disk, name, chance);
    return name;
  }

  /** Flips a bit of a file, shortens it, takes it away, or makes a part of it unreadable. */
  static void damage(SimDisk disk, String name, RandomGenerator chance) throws IOException {
    long bytes = disk.bytes(name).length;
    switch (chance.nextInt(5)) {
      case 0 -> disk.truncate(name, chance.nextLong(bytes));
      case 1 -> {
        disk.delete(name);
        disk.forceDirectory("");
      }
      case 2 -> disk.makeBad(name, chance.nextInt(disk.sectors(name)));
      default -> disk.corrupt(name, chance.nextLong(bytes * 8));
    }
  }
}
