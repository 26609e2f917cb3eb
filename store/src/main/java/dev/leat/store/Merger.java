package dev.leat.store;

import dev.leat.event.DataSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Merges small files on a thread of its own, one merge at a time, in an engine of its own. */
final class Merger implements AutoCloseable {
  private static final long LOOK_AGAIN_SECONDS = 30;
  private static final double MAX_OVERLAP = 1.5;

  private final Path directory;
  private final Table table;
  private final DataSchema schema;
  private final Commits commits;
  private final Carriers carriers;
  private final MergePlan plan;
  private final InstantSource clock;
  private final Supplier<FileWriter> writers;
  private final Supplier<String> names;
  private final Semaphore wake = new Semaphore(0);
  private final Map<String, Instant> seen = new HashMap<>(); // guarded by this
  private final Thread thread;
  private volatile boolean closed;
  private volatile @Nullable String failure;

  Merger(
      Path directory,
      Table table,
      DataSchema schema,
      Commits commits,
      Carriers carriers,
      MergePlan plan,
      InstantSource clock,
      Supplier<FileWriter> writers,
      Supplier<String> names) {
    this.directory = directory;
    this.table = table;
    this.schema = schema;
    this.commits = commits;
    this.carriers = carriers;
    this.plan = plan;
    this.clock = clock;
    this.writers = writers;
    this.names = names;
    this.thread = Thread.ofPlatform().daemon().name("leat-merge").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Files were added. */
  void wake() {
    wake.release();
  }

  /** What went wrong with the last merge, or null. */
  @Nullable String failure() {
    return failure;
  }

  private void run() {
    try {
      while (!closed) {
        wake.tryAcquire(LOOK_AGAIN_SECONDS, TimeUnit.SECONDS);
        wake.drainPermits();
        while (!closed && mergeOnce()) {
          // Until nothing is left that is worth a merge.
        }
      }
    } catch (InterruptedException closing) {
      closed = true;
    }
  }

  /** One merge, if there is one to do; false if not, or if it failed and has to wait. */
  synchronized boolean mergeOnce() {
    List<DataFile> files = table.snapshot().files();
    Instant now = clock.instant();
    seen.keySet().retainAll(files.stream().map(DataFile::path).collect(Collectors.toSet()));
    files.forEach(file -> seen.putIfAbsent(file.path(), now));
    Optional<MergePlan.Merge> merge =
        plan.choose(files, file -> seen.getOrDefault(file.path(), now), now);
    if (merge.isEmpty()) {
      return false;
    }
    FileWriter writer = writers.get();
    try {
      DataFile merged = write(merge.get(), writer);
      commits.merge(
          merged, merge.get().files().stream().map(DataFile::path).collect(Collectors.toSet()));
      // As old as the oldest row in it: what is merged does not have to settle anew.
      seen.put(merged.path(), oldest(merge.get().files(), now));
      failure = null;
      return true;
    } catch (SQLException | IOException failed) {
      if (!closed) {
        failure = "merging files failed, they stay as they are: " + failed.getMessage();
        System.getLogger(Merger.class.getName())
            .log(System.Logger.Level.WARNING, "a merge failed", failed);
      }
      return false;
    }
  }

  private synchronized Instant oldest(List<DataFile> files, Instant now) {
    return files.stream()
        .map(file -> seen.getOrDefault(file.path(), now))
        .min(Comparator.naturalOrder())
        .orElse(now);
  }

  private DataFile write(MergePlan.Merge merge, FileWriter writer)
      throws SQLException, IOException {
    List<DataFile> files =
        merge.files().stream().sorted(Comparator.comparingLong(DataFile::minTimeMicros)).toList();
    String path = FileWriter.path(merge.day(), merge.shard(), names.get());
    long rows = files.stream().mapToLong(DataFile::rows).sum();
    long payloadBytes = files.stream().mapToLong(DataFile::payloadBytes).sum();
    try (Carriers.Lease carrier = carriers.lease(schema)) {
      List<Path> paths = files.stream().map(file -> directory.resolve(file.path())).toList();
      String select =
          "SELECT %s FROM %s%s"
              .formatted(
                  carrier.table().forMergedFile(),
                  TableView.read(carrier.file(), paths),
                  follow(files) ? "" : " ORDER BY time, log_offset");
      long bytes = writer.write(path, select, carrier.table().fieldIds(), rows, payloadBytes);
      writer.forceNames();
      return new DataFile(
          path,
          merge.shard(),
          merge.day(),
          rows,
          bytes,
          payloadBytes,
          files.getFirst().minTimeMicros(),
          files.stream().mapToLong(DataFile::maxTimeMicros).max().orElseThrow(),
          files.stream().mapToLong(DataFile::minOffset).min().orElseThrow(),
          files.stream().mapToLong(DataFile::maxOffset).max().orElseThrow(),
          0,
          DataFile.PRESENT);
    } catch (SQLException | IOException failed) {
      writer.discard();
      throw failed;
    }
  }

  /**
   * Whether the files, as live ones do, nearly follow each other in time: then one after the other
   * is as good as sorted.
   */
  private static boolean follow(List<DataFile> files) {
    double sum = 0;
    long end = Long.MIN_VALUE;
    for (DataFile file : files) {
      sum += file.maxTimeMicros() - (double) file.minTimeMicros();
      end = Math.max(end, file.maxTimeMicros());
    }
    return sum <= MAX_OVERLAP * (end - (double) files.getFirst().minTimeMicros());
  }

  /** Begins no merge any more, and takes one that is interrupted for no failure. */
  void stop() {
    closed = true;
  }

  /**
   * Returns when no merge runs any more. The engine has to be closed before, which interrupts a
   * merge.
   */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException hurry) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
