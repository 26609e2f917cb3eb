package dev.leat.trials;

import dev.leat.trials.TortureFault.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the data of one stretch of cycles lies, and what may be done there. For one thread.
 *
 * @param directory for what the stretch keeps
 * @param disk the file system that has the data; null if it lies in the directory
 */
record TortureGround(Sort sort, Path directory, @Nullable LoopDisk disk) {
  private static final long POWER_BYTES = 2L << 30;
  private static final long SMALL_BYTES = 320L << 20;

  /** Sorts of ground, and how many cycles one of them bears. */
  enum Sort {
    /** A directory. */
    PLAIN(50, "1h", null),
    /** A file system whose power can be cut. */
    POWER(50, "1h", Kind.POWER),
    /** A directory under a clock that jumps. */
    CLOCK(10, "20000d", Kind.CLOCK),
    /** A file system that fills up. */
    SMALL(5, "1h", Kind.FULL);

    final int cycles;

    /** How long ids are remembered: longer than clocks jump. */
    final String dedup;

    /** What alone happens here; null for all that need no ground of their own. */
    private final @Nullable Kind only;

    Sort(int cycles, String dedup, @Nullable Kind only) {
      this.cycles = cycles;
      this.dedup = dedup;
      this.only = only;
    }

    /** Those of the kinds wanted that happen here. */
    List<Kind> kinds(Set<Kind> wanted) {
      return wanted.stream().filter(kind -> only == null ? kind.weight > 0 : kind == only).toList();
    }

    boolean isMounted() {
      return this == POWER || this == SMALL;
    }
  }

  static TortureGround make(Sort sort, Path directory) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    if (!sort.isMounted()) {
      return new TortureGround(sort, directory, null);
    }
    long bytes = sort == Sort.POWER ? POWER_BYTES : SMALL_BYTES;
    Path image = directory.resolve("disk.ext4");
    LoopDisk disk = LoopDisk.make(image, directory.resolve("disk"), bytes);
    return new TortureGround(sort, directory, disk);
  }

  /** The server's data directory. */
  Path data() {
    return (disk == null ? directory : disk.root()).resolve("data");
  }

  LoopDisk mounted() {
    if (disk == null) {
      throw new IllegalStateException(sort + " has no file system of its own");
    }
    return disk;
  }

  /** Leaves everything as it is for a look, but unmounted. */
  void leave() throws IOException {
    if (disk != null) {
      disk.close();
    }
  }

  /** Removes everything. */
  void remove() throws IOException {
    leave();
    delete(directory);
  }

  /** Deletes a directory and all that is in it. */
  static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
