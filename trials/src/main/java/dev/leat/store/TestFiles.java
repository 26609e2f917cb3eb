package dev.leat.store;

import dev.leat.testkit.SimDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Real files for the corpora that DuckDB writes. */
final class TestFiles {
  private TestFiles() {}

  /** The bytes of the files below a directory, by their paths relative to a root. */
  static SortedMap<String, byte[]> below(Path directory, Path root) throws IOException {
    TreeMap<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(root.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  /** A disk in memory with these files. */
  static SimDisk disk(SortedMap<String, byte[]> files) throws IOException {
    SimDisk disk = new SimDisk();
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      disk.open(file.getKey()).close();
      disk.overwrite(file.getKey(), file.getValue(), 0);
    }
    disk.forceDirectory("");
    return disk;
  }

  static SortedMap<String, Long> sizes(SortedMap<String, byte[]> files) {
    TreeMap<String, Long> sizes = new TreeMap<>();
    files.forEach((name, bytes) -> sizes.put(name, (long) bytes.length));
    return sizes;
  }

  static void delete(Path directory) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(directory)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.delete(path);
    }
  }
}
