package dev.leat.server;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Files of a data directory that a server may delete at any moment, held by links of their own
 * until they are where they should go. Only for files that never change once they have their name.
 * For one thread.
 *
 * <p>A link takes no time and no room. Where the target is on the same file system the links are
 * what goes there; elsewhere they stand below the data directory while the files are copied, and go
 * when that is done. Without links files are copied at once, and may vanish before their turn.
 */
final class HeldFiles implements AutoCloseable {
  private static final String PREFIX = "backup-";
  private static final String SUFFIX = ".held";

  private final Path data;
  private final Path holding;
  private final Path target;
  private final Way way;
  private final Set<String> held = new TreeSet<>();

  /** How files come to the target. */
  enum Way {
    /** As links of the same files. */
    LINK,
    /** As copies of links. */
    HOLD,
    /** As copies. */
    COPY
  }

  private HeldFiles(Path data, Path holding, Path target, Way way) {
    this.data = data;
    this.holding = holding;
    this.target = target;
    this.way = way;
  }

  /**
   * Between a data directory and an empty one.
   *
   * @param sample a file below the data directory that is there
   * @param ownCopies whether the target is to get copies also where links would do
   */
  static HeldFiles between(Path data, Path target, String sample, boolean ownCopies)
      throws IOException {
    removeStale(data);
    Path beside = data.resolve(PREFIX + ProcessHandle.current().pid() + SUFFIX);
    if (!ownCopies && canLink(data.resolve(sample), target)) {
      return new HeldFiles(data, target, target, Way.LINK);
    }
    if (canLink(data.resolve(sample), beside)) {
      return new HeldFiles(data, beside, target, Way.HOLD);
    }
    return new HeldFiles(data, target, target, Way.COPY);
  }

  Way way() {
    return way;
  }

  /** What a process that is no more has left. */
  private static void removeStale(Path data) throws IOException {
    try (Stream<Path> all = Files.list(data)) {
      for (Path path : all.toList()) {
        String name = path.getFileName().toString();
        if (name.matches(PREFIX + "[0-9]{1,18}" + SUFFIX)) {
          String pid = name.substring(PREFIX.length(), name.length() - SUFFIX.length());
          if (ProcessHandle.of(Long.parseLong(pid)).isEmpty() && Files.isWritable(data)) {
            Directories.delete(path);
          }
        }
      }
    }
  }

  private static boolean canLink(Path sample, Path into) throws IOException {
    Path probe = into.resolve("probe");
    try {
      Files.createDirectories(into);
      Files.deleteIfExists(probe);
      Files.createLink(probe, sample);
      Files.delete(probe);
      return true;
    } catch (NoSuchFileException gone) {
      throw gone;
    } catch (FileSystemException | UnsupportedOperationException cant) {
      return false;
    }
  }

  /**
   * Holds a file; harmless if it is held.
   *
   * @throws NoSuchFileException if it is gone
   */
  void hold(String name) throws IOException {
    if (held.contains(name)) {
      return;
    }
    Path link = holding.resolve(name);
    Files.createDirectories(link.getParent());
    switch (way) {
      case LINK, HOLD -> Files.createLink(link, data.resolve(name));
      case COPY -> FileDigest.copy(data.resolve(name), link, _ -> {});
    }
    held.add(name);
  }

  /** Lets go of all but these. */
  void retain(Set<String> names) throws IOException {
    for (String name : Set.copyOf(held)) {
      if (!names.contains(name)) {
        Files.delete(holding.resolve(name));
        held.remove(name);
      }
    }
  }

  boolean holds(String name) {
    return held.contains(name);
  }

  /** Names of all that is held, in order. */
  Set<String> names() {
    return new TreeSet<>(held);
  }

  /** Bytes of all that is held. */
  long bytes() throws IOException {
    long bytes = 0;
    for (String name : held) {
      bytes += Files.size(holding.resolve(name));
    }
    return bytes;
  }

  /** Brings a file to the target, whole, and says what it is; a copy is forced. */
  FileDigest.Result bring(String name, LongConsumer progress) throws IOException {
    Path to = target.resolve(name);
    return switch (way) {
      case LINK, COPY -> FileDigest.of(to, progress);
      case HOLD -> {
        Files.createDirectories(to.getParent());
        yield FileDigest.copy(holding.resolve(name), to, progress);
      }
    };
  }

  /** Removes what stands below the data directory. */
  @Override
  public void close() throws IOException {
    if (way == Way.HOLD) {
      Directories.delete(holding);
    }
  }
}
