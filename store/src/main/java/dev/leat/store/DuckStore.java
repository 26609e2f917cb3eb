package dev.leat.store;

import dev.leat.event.DataSchema;
import dev.leat.event.EventStore;
import dev.leat.event.OsDisk;
import dev.leat.event.RowChunk;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The embedded event store: fresh rows in column buffers, committed ones in Parquet files, DuckDB
 * over both. Any thread may call it, within what {@link EventStore} says about sinks and commits.
 *
 * <p>Three engines, so that none takes another's memory: one seals commits, one merges files, and
 * one, which can reach nothing but the table's files, answers queries. Rows are in a chunk or in a
 * file, never in both: a commit swaps them in one step, and each query keeps the snapshot it began
 * with.
 */
public final class DuckStore implements EventStore {
  private static final String LOCK = "store.lock";

  private final StoreParts parts;
  private final List<ShardSink> sinks = new ArrayList<>();
  private volatile String lastFailure = "";

  private DuckStore(StoreParts parts, int partitions) {
    this.parts = parts;
    for (int shard = 0; shard < partitions; shard++) {
      sinks.add(
          new ShardSink(
              shard, parts.table(), parts.visibility(), parts.commits().offsets().get(shard)));
    }
  }

  /** Opens the store in a directory, which it creates and holds until it is closed. */
  public static DuckStore open(Path directory, StoreOptions options, InstantSource clock)
      throws IOException {
    return open(new OsDisk(directory), options, clock, new SecureRandom());
  }

  static DuckStore open(
      OsDisk disk, StoreOptions options, InstantSource clock, RandomGenerator random)
      throws IOException {
    AutoCloseable lock = disk.lock(LOCK);
    try {
      DuckStore store =
          new DuckStore(StoreParts.open(lock, disk, options, clock, random), options.partitions());
      store.parts.merger().start();
      store.parts.merger().wake();
      return store;
    } catch (SQLException failure) {
      release(lock);
      throw new IOException("the query engine did not start: " + failure.getMessage(), failure);
    } catch (IOException | RuntimeException failure) {
      release(lock);
      throw failure;
    }
  }

  @Override
  public List<Long> committed() {
    return parts.commits().offsets();
  }

  @Override
  public DataSchema schema() {
    return parts.schema();
  }

  @Override
  public Sink sink(int shard) {
    return sinks.get(shard);
  }

  @Override
  public Commit commit(List<Cut> cuts) throws InterruptedException {
    Map<Integer, Long> next = new LinkedHashMap<>();
    List<RowChunk> chunks = new ArrayList<>();
    for (Cut cut : cuts) {
      next.merge(cut.shard(), cut.nextOffset(), Math::max);
      chunks.addAll(cut.chunks());
    }
    if (!parts.table().holds(chunks)) {
      throw new IllegalArgumentException(
          "rows of these cuts are committed already, or not from this store");
    }
    FileWriter writer = parts.sealWriter();
    try {
      List<DataFile> files = parts.sealer().seal(cuts, parts.schema(), writer, parts.newName());
      writer.forceNames();
      return seal(cuts, next, files, chunks);
    } catch (SQLException | IOException failure) {
      writer.discard();
      return failed(failure);
    }
  }

  /**
   * A catalogue that could not be written may have been all the same: the files it would name have
   * to stay.
   */
  private Commit seal(
      List<Cut> cuts, Map<Integer, Long> next, List<DataFile> files, List<RowChunk> chunks) {
    long version;
    try {
      version = parts.commits().seal(next, files, chunks);
    } catch (IOException failure) {
      return failed(failure);
    }
    for (Cut cut : cuts) {
      sinks
          .get(cut.shard())
          .committed(cut.chunks().stream().mapToLong(RowChunk::payloadBytes).sum());
    }
    lastFailure = "";
    parts.merger().wake();
    return new Commit.Done(
        version,
        files.stream().mapToLong(DataFile::rows).sum(),
        files.stream().mapToLong(DataFile::bytes).sum());
  }

  private Commit failed(Exception failure) {
    System.getLogger(DuckStore.class.getName())
        .log(System.Logger.Level.WARNING, "a commit failed", failure);
    lastFailure = "the last commit failed, its rows are still in memory: " + failure.getMessage();
    return new Commit.Failed(lastFailure);
  }

  @Override
  public boolean awaitVisible(long nextOffset, Duration patience) throws InterruptedException {
    return parts.visibility().await(nextOffset, patience);
  }

  @Override
  public long visibleOffset() {
    return parts.visibility().offset();
  }

  @Override
  public Answer query(Question question, Receiver receiver) throws InterruptedException {
    return parts.queries().run(question, receiver);
  }

  @Override
  public Status status() {
    Snapshot snapshot = parts.table().snapshot();
    List<String> problems = new ArrayList<>(parts.problems());
    problems.add(lastFailure);
    problems.removeIf(String::isEmpty);
    boolean healthy = problems.isEmpty();
    String merge = parts.merger().failure();
    if (merge != null) {
      problems.add(merge); // Worth a look, but nothing is worse for it than slower queries.
    }
    return new Status(
        healthy,
        String.join("; ", problems),
        snapshot.files().stream().mapToLong(DataFile::rows).sum(),
        snapshot.chunks().stream().mapToLong(chunk -> chunk.view().rows()).sum(),
        snapshot.files().size(),
        snapshot.files().stream().mapToLong(DataFile::bytes).sum(),
        snapshot.version());
  }

  /** For tests: waits until the engine works on no statement any more. */
  boolean awaitIdle(Duration patience) throws InterruptedException {
    return parts.queries().awaitIdle(patience);
  }

  /** For tests: does one merge now, if there is one to do. */
  boolean mergeOnce() {
    return parts.merger().mergeOnce();
  }

  @Override
  public void close() {
    parts.close();
  }

  private static void release(AutoCloseable lock) {
    StoreParts.closeQuietly(lock);
  }
}
