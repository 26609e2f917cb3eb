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
  private static final String ASIDE = ".damaged";

  /**
   * What was found.
   *
   * @param readable the files to query, with their tables
   * @param problems in words for the operator; empty if there are none
   */
  record Found(Map<String, Snapshot.Rows> readable, List<String> problems) {}

  private Recovery() {}

  static Found check(Disk disk, CatalogueState state) throws IOException {
    Map<String, Snapshot.Rows> tables = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    for (CatalogueState.TableState table : state.tables().values()) {
      List<DataFile> readable = new ArrayList<>();
      for (DataFile file : table.present()) {
        String problem = problemOf(disk, file);
        if (problem.isEmpty()) {
          readable.add(file);
        } else {
          problems.add("%s with %d rows %s".formatted(file.path(), file.rows(), problem));
        }
      }
      tables.put(table.spec().name(), new Snapshot.Rows(readable, List.of(), table.expiredRows()));
    }
    return new Found(tables, problems);
  }

  private static String problemOf(Disk disk, DataFile file) throws IOException {
    if (!disk.exists(file.path())) {
      return disk.exists(file.path() + ASIDE) ? "was damaged and is set aside" : "is missing";
    }
    try (Disk.File open = disk.open(file.path())) {
      long bytes = open.size();
      if (bytes == file.bytes() && isMagic(open, 0) && isMagic(open, bytes - MAGIC_BYTES)) {
        return "";
      }
    }
    disk.rename(file.path(), file.path() + ASIDE);
    return "was damaged and is set aside";
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
   * Deletes Parquet files below the tables' directory that no state names: a commit wrote them and
   * did not finish.
   */
  static void removeOrphans(Path directory, CatalogueState state) throws IOException {
    Set<Path> known =
        state
            .files()
            .map(file -> directory.resolve(file.path()))
            .collect(Collectors.toCollection(HashSet::new));
    Path root = directory.resolve(FileWriter.ROOT);
    if (!Files.isDirectory(root)) {
      return;
    }
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.filter(path -> path.toString().endsWith(".parquet")).toList()) {
        if (!known.contains(file)) {
          Files.delete(file);
        }
      }
    }
  }
}
