package dev.leat.trials;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file system of its own, small enough to be filled, mounted until it is closed. Needs root. For
 * one thread.
 */
final class SmallDisk implements AutoCloseable {
  private final Path place;

  private SmallDisk(Path place) {
    this.place = place;
  }

  /** An ext4 of so many MB in a file of the directory. */
  static SmallDisk ext4(Path directory, int megabytes) throws IOException, InterruptedException {
    Path image = directory.resolve("image");
    run("truncate", "-s", megabytes + "M", image.toString());
    run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString());
    return mount(directory, "-o", "loop", image.toString());
  }

  /** The ext4 of {@link #ext4} once more, after it was closed. */
  static SmallDisk again(Path directory) throws IOException, InterruptedException {
    return mount(directory, "-o", "loop", directory.resolve("image").toString());
  }

  /** A tmpfs of so many MB with room for so many names. */
  static SmallDisk tmpfs(Path directory, int megabytes, int inodes)
      throws IOException, InterruptedException {
    String options = "size=%dm,nr_inodes=%d".formatted(megabytes, inodes);
    return mount(directory, "-t", "tmpfs", "-o", options, "small");
  }

  private static SmallDisk mount(Path directory, String... what)
      throws IOException, InterruptedException {
    Path place = Files.createDirectories(directory.resolve("mounted"));
    List<String> command = new java.util.ArrayList<>(List.of("mount"));
    command.addAll(List.of(what));
    command.add(place.toString());
    run(command.toArray(String[]::new));
    return new SmallDisk(place);
  }

  Path place() {
    return place;
  }

  /** Takes all room but so many bytes; how to give it back is deleting the file. */
  Path fill(long leftBytes) throws IOException, InterruptedException {
    Path ballast = place.resolve("ballast");
    long free = Files.getFileStore(place).getUsableSpace();
    run("fallocate", "-l", Long.toString(Math.max(1, free - leftBytes)), ballast.toString());
    return ballast;
  }

  /** Changes how it is mounted. */
  void remount(String options) throws IOException, InterruptedException {
    run("mount", "-o", "remount," + options, place.toString());
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said;
    try (var out = process.inputReader(UTF_8)) {
      said = String.join(" ", out.lines().limit(20).toList());
    }
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + said);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      // Lazily, because a server that was killed may hold a file for a moment.
      run("umount", "-l", place.toString());
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }
}
