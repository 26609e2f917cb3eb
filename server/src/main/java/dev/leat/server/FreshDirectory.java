package dev.leat.server;

import dev.leat.event.OsDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory that gets its name only when everything in it is as it should be: until then it
 * stands beside, under a name that says so. For one thread.
 */
final class FreshDirectory {
  private final Path target;
  private final Path work;

  private FreshDirectory(Path target, Path work) {
    this.target = target;
    this.work = work;
  }

  /**
   * Begins a directory.
   *
   * @param suffix what its name gets until it is finished
   * @throws CommandFailure if the target has something in it, or an earlier attempt is still there
   */
  static FreshDirectory begin(Path target, String suffix) throws IOException {
    Path whole = target.toAbsolutePath().normalize();
    requireEmpty(whole);
    Path work = whole.resolveSibling(whole.getFileName() + suffix);
    if (Files.exists(work)) {
      throw new CommandFailure(
          "%s is what an earlier attempt has left: remove it, then try again".formatted(work));
    }
    Files.createDirectories(work);
    return new FreshDirectory(whole, work);
  }

  /**
   * Refuses a directory with anything in it.
   *
   * @throws CommandFailure saying so
   */
  static void requireEmpty(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    if (!Files.isDirectory(directory)) {
      throw new CommandFailure("%s is no directory".formatted(directory));
    }
    try (Stream<Path> files = Files.list(directory)) {
      if (files.findAny().isPresent()) {
        throw new CommandFailure(
            "%s is not empty: name a directory that is empty, or does not exist yet"
                .formatted(directory));
      }
    }
  }

  /** Where to work until it is finished. */
  Path work() {
    return work;
  }

  /** Gives it its name, durably. */
  void finish() throws IOException {
    Files.move(work, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    forceParent(target);
  }

  /** Removes it with everything in it. */
  void discard() throws IOException {
    Directories.delete(work);
  }

  /** Makes the names in a directory and in all below it durable. */
  static void forceAll(Path root) throws IOException {
    List<Path> directories;
    try (Stream<Path> all = Files.walk(root)) {
      directories = all.filter(Files::isDirectory).toList();
    }
    for (Path directory : directories) {
      forceDirectory(directory);
    }
  }

  /** Makes the name of a directory durable. */
  static void forceParent(Path directory) throws IOException {
    Path parent = directory.getParent();
    if (parent != null) {
      forceDirectory(parent);
    }
  }

  static void forceDirectory(Path directory) throws IOException {
    new OsDisk(directory).forceDirectory("");
  }
}
