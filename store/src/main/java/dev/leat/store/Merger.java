package dev.leat.store;

import dev.leat.event.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Merges small files on a thread of its own, one merge at a time, in an engine of its own; and
 * drops files whose rows are older than their table keeps them.
 */
final class Merger implements AutoCloseable {
  private static final long LOOK_AGAIN_SECONDS = 30;
  private static final double MAX_OVERLAP = 1.5;
  private static final long SHORT_MICROS = TimeUnit.HOURS.toMicros(1);

  /** The old files stay for a while, and what a merge spills comes on top of the new one. */
  private static final long ROOM_FACTOR = 2;

  /** What a merge leaves to commits. */
  private static final long ROOM_LEFT_BYTES = 64 << 20;

  private final Path directory;
  private final Disk disk;
  private final Tables tables;
  private final Definitions definitions;
  private final Commits commits;
  private final Carriers carriers;
  private final FileCheck check;
  private final MergePlan plan;
  private final InstantSource clock;
  private final Supplier<FileWriter> writers;
  private final Supplier<String> names;
  private final Semaphore wake = new Semaphore(0);
  private final Map<String, Instant> seen = new HashMap<>(); // guarded by this
  private final Thread thread;
  private volatile boolean closed;
  private volatile @Nullable String failure;
  private volatile @Nullable String expiryFailure;

  Merger(
      Path directory,
      Disk disk,
      Tables tables,
      Definitions definitions,
      Commits commits,
      Carriers carriers,
      FileCheck check,
      MergePlan plan,
      InstantSource clock,
      Supplier<FileWriter> writers,
      Supplier<String> names) {
    this.directory = directory;
    this.disk = disk;
    this.tables = tables;
    this.definitions = definitions;
    this.commits = commits;
    this.carriers = carriers;
    this.check = check;
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

  /** What went wrong when rows were last to be dropped by age, or null. */
  @Nullable String expiryFailure() {
    return expiryFailure;
  }

  private void run() {
    try {
      while (!closed) {
        wake.tryAcquire(LOOK_AGAIN_SECONDS, TimeUnit.SECONDS);
        wake.drainPermits();
        if (!closed) {
          expireOnce();
        }
        while (!closed && mergeOnce()) {
          // Until nothing is left that is worth a merge.
        }
      }
    } catch (InterruptedException closing) {
      closed = true;
    }
  }

  /**
   * Drops the files whose rows have all stayed as long as they were to; false if there are none.
   */
  synchronized boolean expireOnce() {
    Snapshot snapshot = tables.snapshot();
    Instant now = clock.instant();
    Map<String, List<String>> expired = new TreeMap<>();
    for (Definitions.Definition table : definitions.all()) {
      Duration retention = table.spec().retention();
      if (retention != null) {
        long oldest = ChronoUnit.MICROS.between(Instant.EPOCH, now.minus(retention));
        List<String> paths =
            snapshot.of(table.name()).files().stream()
                .filter(file -> file.span().maxReceivedMicros() < oldest)
                .map(DataFile::path)
                .toList();
        if (!paths.isEmpty()) {
          expired.put(table.name(), paths);
        }
      }
    }
    if (expired.isEmpty()) {
      return false;
    }
    try {
      commits.expire(expired);
      expiryFailure = null;
      return true;
    } catch (IOException failed) {
      expiryFailure = "dropping rows by age failed, they stay: " + failed.getMessage();
      System.getLogger(Merger.class.getName())
          .log(System.Logger.Level.WARNING, "dropping rows by age failed", failed);
      return false;
    }
  }

  private record Choice(Definitions.Definition table, MergePlan.Merge merge) {}

  /** One merge, if there is one to do; false if not, or if it failed and has to wait. */
  synchronized boolean mergeOnce() {
    Instant now = clock.instant();
    Optional<Choice> choice = choose(now);
    if (choice.isEmpty()) {
      return false;
    }
    MergePlan.Merge merge = choice.get().merge();
    FileWriter writer = writers.get();
    try {
      if (!areSound(choice.get())) {
        // What is damaged is out of the tables now, and the rest is chosen from anew.
        return true;
      }
      long bytes = merge.files().stream().mapToLong(DataFile::bytes).sum();
      if (!writer.hasRoom(ROOM_FACTOR * bytes + ROOM_LEFT_BYTES)) {
        failure = "files are not merged while the disk is short of room: make room";
        return false;
      }
      DataFile merged = write(choice.get().table(), merge, writer);
      commits.merge(
          choice.get().table().name(), merged, merge.files().stream().map(DataFile::path).toList());
      // As old as the oldest row in it: what is merged does not have to settle anew.
      seen.put(merged.path(), oldest(merge.files(), now));
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

  /** The most useful merge of any table. */
  private synchronized Optional<Choice> choose(Instant now) {
    Snapshot snapshot = tables.snapshot();
    Set<String> present = new HashSet<>();
    snapshot
        .tables()
        .values()
        .forEach(rows -> rows.files().forEach(file -> present.add(file.path())));
    seen.keySet().retainAll(present);
    present.forEach(path -> seen.putIfAbsent(path, now));
    return definitions.all().stream()
        .flatMap(
            table ->
                plan
                    .choose(snapshot.of(table.name()).files(), file -> seenAt(file, now), now)
                    .map(merge -> new Choice(table, merge))
                    .stream())
        .max(Comparator.comparingInt(choice -> choice.merge().files().size()));
  }

  /** A merge must not turn what is damaged into what has a right checksum. */
  private boolean areSound(Choice choice) throws IOException {
    boolean sound = true;
    for (DataFile file : choice.merge().files()) {
      sound &= check.isSound(choice.table().name(), file);
    }
    return sound;
  }

  private synchronized Instant seenAt(DataFile file, Instant now) {
    return seen.getOrDefault(file.path(), now);
  }

  private synchronized Instant oldest(List<DataFile> files, Instant now) {
    return files.stream().map(file -> seenAt(file, now)).min(Comparator.naturalOrder()).orElse(now);
  }

  private DataFile write(Definitions.Definition table, MergePlan.Merge merge, FileWriter writer)
      throws SQLException, IOException {
    List<DataFile> files =
        merge.files().stream()
            .sorted(Comparator.comparingLong((DataFile file) -> file.span().minTimeMicros()))
            .toList();
    String path = FileWriter.path(table.name(), merge.day(), merge.shard(), names.get());
    long rows = files.stream().mapToLong(DataFile::rows).sum();
    long payloadBytes = files.stream().mapToLong(DataFile::payloadBytes).sum();
    try {
      FileWriter.Written written = write(table, files, path, rows, payloadBytes, writer);
      writer.forceNames();
      return new DataFile(
          path,
          merge.shard(),
          merge.day(),
          rows,
          written.bytes(),
          written.checksum(),
          payloadBytes,
          files.stream().map(DataFile::span).reduce(DataFile.Span::and).orElseThrow(),
          0,
          DataFile.PRESENT);
    } catch (SQLException | IOException failed) {
      writer.discard();
      throw failed;
    }
  }

  private FileWriter.Written write(
      Definitions.Definition table,
      List<DataFile> files,
      String path,
      long rows,
      long payloadBytes,
      FileWriter writer)
      throws SQLException, IOException {
    boolean follow = follow(files);
    RowGroupJoin join = follow || isShort(files) ? RowGroupJoin.of(disk, files) : null;
    if (join != null) {
      return writer.write(path, join);
    }
    try (Carriers.Lease carrier = carriers.lease(table)) {
      List<Path> paths = files.stream().map(file -> directory.resolve(file.path())).toList();
      String select =
          "SELECT %s FROM %s%s"
              .formatted(
                  carrier.table().forMergedFile(),
                  QueryViews.read(carrier.file(), paths),
                  follow ? "" : " ORDER BY time, log_offset");
      return writer.write(path, select, carrier.table().fieldIds(), rows, payloadBytes);
    }
  }

  /** Whether all rows are of so short a time that their order hardly matters to any question. */
  private static boolean isShort(List<DataFile> files) {
    DataFile.Span span =
        files.stream().map(DataFile::span).reduce(DataFile.Span::and).orElseThrow();
    return span.maxTimeMicros() - span.minTimeMicros() <= SHORT_MICROS;
  }

  /**
   * Whether the files, as live ones do, nearly follow each other in time: then one after the other
   * is as good as sorted.
   */
  private static boolean follow(List<DataFile> files) {
    double sum = 0;
    long end = Long.MIN_VALUE;
    for (DataFile file : files) {
      sum += file.span().maxTimeMicros() - (double) file.span().minTimeMicros();
      end = Math.max(end, file.span().maxTimeMicros());
    }
    return sum <= MAX_OVERLAP * (end - (double) files.getFirst().span().minTimeMicros());
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
    StoreParts.awaitEnd(thread);
  }
}
