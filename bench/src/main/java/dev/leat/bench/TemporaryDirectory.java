package dev.leat.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A directory that is removed with everything in it, also if the program is interrupted. */
final class TemporaryDirectory implements AutoCloseable {
  private static final int TRIES = 50;
  private static final int PAUSE_MILLIS = 100;

  private final Path path;
  private final boolean keep;
  private final Thread hook = new Thread(this::deleteAtLast);

  private TemporaryDirectory(Path path, boolean keep) {
    this.path = path;
    this.keep = keep;
  }

  static TemporaryDirectory create(Path parent, boolean keep) throws IOException {
    TemporaryDirectory made =
        new TemporaryDirectory(Files.createTempDirectory(parent, "leat-bench"), keep);
    Runtime.getRuntime().addShutdownHook(made.hook);
    return made;
  }

  Path path() {
    return path;
  }

  /** Processes that are being ended at the same time may still write. */
  private void deleteAtLast() {
    for (int left = TRIES; left > 0 && !keep && Files.exists(path); left--) {
      try {
        delete(path);
      } catch (IOException busy) {
        if (left == 1) {
          System.err.println("could not remove " + path + ": " + busy.getMessage());
        }
        try {
          Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException hurried) {
          return;
        }
      }
    }
  }

  static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Override
  public void close() throws IOException {
    Runtime.getRuntime().removeShutdownHook(hook);
    if (!keep) {
      delete(path);
    }
  }
}
