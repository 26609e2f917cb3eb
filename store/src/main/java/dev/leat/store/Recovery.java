package dev.leat.store;

import dev.leat.event.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a start does with the files it finds: keeps those that the catalogue names, removes what a
 * crash left behind.
 */
final class Recovery {
  private static final ByteBuffer PARQUET =
      ByteBuffer.wrap("PAR1".getBytes(StandardCharsets.US_ASCII)).asReadOnlyBuffer();
  private static final int MAGIC_BYTES = 4;
  private static final int MAX_DIGITS = 18;

  /** What is behind the name of a file that is set aside. */
  static final String ASIDE = ".damaged";

  /** What is said of a file that is not as it was written, and stays where it is. */
  static final String DAMAGED = "is damaged";

  static final String SET_ASIDE = "was damaged and is set aside";

  /**
   * What was found.
   *
   * @param readable the files to query, with their tables
   * @param damaged the others
   */
  record Found(Map<String, Snapshot.Rows> readable, List<DamagedFile> damaged) {}

  private Recovery() {}

  static Found check(Disk disk, CatalogueState state) throws IOException {
    Map<String, Snapshot.Rows> tables = new TreeMap<>();
    List<DamagedFile> damaged = new ArrayList<>();
    for (CatalogueState.TableState table : state.tables().values()) {
      List<DataFile> readable = new ArrayList<>();
      for (DataFile file : table.present()) {
        String problem = problemOf(disk, file);
        if (problem.isEmpty()) {
          readable.add(file);
        } else {
          damaged.add(new DamagedFile(table.spec().name(), file, problem));
        }
      }
      tables.put(table.spec().name(), new Snapshot.Rows(readable, List.of(), table.expiredRows()));
    }
    return new Found(tables, damaged);
  }

  private static String problemOf(Disk disk, DataFile file) throws IOException {
    String problem = lookAt(disk, file);
    if (problem.equals(DAMAGED)) {
      disk.rename(file.path(), file.path() + ASIDE);
      return SET_ASIDE;
    }
    return problem;
  }

  /** What is wrong with a file by its looks, which stays where it is; empty if nothing. */
  static String lookAt(Disk disk, DataFile file) throws IOException {
    if (!disk.exists(file.path())) {
      return disk.exists(file.path() + ASIDE) ? SET_ASIDE : "is missing";
    }
    try (Disk.File open = disk.open(file.path())) {
      long bytes = open.size();
      if (bytes == file.bytes() && isParquet(open, bytes)) {
        return "";
      }
    }
    return DAMAGED;
  }

  /** Whether a file begins and ends as Parquet does. */
  static boolean isParquet(Disk.File file, long bytes) throws IOException {
    return isMagic(file, 0) && isMagic(file, bytes - MAGIC_BYTES);
  }

  private static boolean isMagic(Disk.File file, long position) throws IOException {
    ByteBuffer magic = ByteBuffer.allocate(MAGIC_BYTES);
    return position >= 0
        && file.read(magic, position) == MAGIC_BYTES
        && magic.flip().equals(PARQUET.duplicate().rewind());
  }

  /**
   * Empties the directory that engines spill to: a process that was killed could not, and what is
   * in it is of no use to another.
   */
  static void removeSpilled(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        if (!each.equals(directory)) {
          Files.delete(each);
        }
      }
    }
  }

  /**
   * What to say if the catalogue ends before versions that files on the disk were written for;
   * empty if it does not. A commit that a crash met leaves files of the next version, and of no
   * later one.
   */
  static String lostEnd(Path directory, CatalogueState state) throws IOException {
    long newest = 0;
    for (Path file : parquetFiles(directory)) {
      newest = Math.max(newest, versionOf(file.getFileName().toString()));
    }
    return newest <= state.version() + 1
        ? ""
        : "the catalogue ends with version %d, but there are files of version %d: its end was lost; those files are left alone"
            .formatted(state.version(), newest);
  }

  /** The version that a file's name begins with; 0 if it does not. */
  private static long versionOf(String name) {
    int end = name.indexOf('-');
    boolean digits = end > 0 && name.chars().limit(end).allMatch(c -> c >= '0' && c <= '9');
    return digits && end <= MAX_DIGITS ? Long.parseLong(name.substring(0, end)) : 0;
  }

  /**
   * Deletes Parquet files below the tables' directory that no state names: a commit wrote them and
   * did not finish.
   */
  static void removeOrphans(Path directory, CatalogueState state) throws IOException {
    Set<Path> known =
        state
            .files()
            .map(file -> directory.resolve(file.path()))
            .collect(Collectors.toCollection(HashSet::new));
    for (Path file : parquetFiles(directory)) {
      if (!known.contains(file)) {
        Files.delete(file);
      }
    }
  }

  private static List<Path> parquetFiles(Path directory) throws IOException {
    Path root = directory.resolve(FileWriter.ROOT);
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(path -> path.toString().endsWith(".parquet")).toList();
    }
  }
}
