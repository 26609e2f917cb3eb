package dev.leat.store;

import dev.leat.event.DataSchema;
import dev.leat.event.Disk;
import dev.leat.event.EventStore;
import dev.leat.event.OsDisk;
import dev.leat.event.ProvidedTables;
import dev.leat.event.RowChunk;
import dev.leat.event.TableSpec;
import dev.leat.event.ViewSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The embedded event store: fresh rows in column buffers, committed ones in Parquet files, DuckDB
 * over both. Any thread may call it, within what {@link EventStore} says about the intake and
 * commits.
 *
 * <p>Three engines, so that none takes another's memory: one merges files, and two, which can reach
 * nothing but the files of tables and views, answer queries and compute views. Commits need none.
 * Rows are in a chunk or in a file, never in both: a commit swaps them in one step, and each query
 * keeps the snapshot it began with.
 */
public final class DuckStore implements EventStore {
  static final String LOCK = "store.lock";

  private final AutoCloseable lock;
  private final Opening opening;
  private volatile StoreParts parts;
  private volatile RowIntake intake;
  private volatile String lastFailure = "";

  /**
   * What a commit wrote whose catalogue failed, of the thread that commits: another try names the
   * same files, because another set of them would take room that a full disk does not have.
   */
  private @Nullable Sealed unnamed;

  private record Sealed(List<RowChunk> chunks, Map<String, List<DataFile>> files) {}

  /** What was found wrong before a rollback. */
  private volatile List<String> carried = List.of();

  /** How to open the parts, once more if need be. */
  private record Opening(
      Path directory,
      Disk disk,
      StoreOptions options,
      InstantSource clock,
      RandomGenerator random) {
    StoreParts open() throws IOException {
      StoreParts opened = StoreParts.open(directory, disk, options, clock, random);
      opened.merger().start();
      opened.merger().wake();
      opened.views().start();
      opened.patrol().start();
      return opened;
    }

    RowIntake intake(StoreParts of) {
      return new RowIntake(
          options.partitions(),
          of.definitions(),
          of.tables(),
          of.visibility(),
          of.commits().next());
    }
  }

  private DuckStore(AutoCloseable lock, Opening opening) throws IOException {
    this.lock = lock;
    this.opening = opening;
    this.parts = opening.open();
    this.intake = opening.intake(parts);
  }

  /** Opens the store in a directory, which it creates and holds until it is closed. */
  public static DuckStore open(Path directory, StoreOptions options, InstantSource clock)
      throws IOException {
    return open(directory, new OsDisk(directory), options, clock);
  }

  /**
   * The same over a disk that stands for the directory.
   *
   * @param disk whose root is the directory, as DuckDB reads and writes its files by their paths
   */
  public static DuckStore open(Path directory, Disk disk, StoreOptions options, InstantSource clock)
      throws IOException {
    Path absolute = directory.toAbsolutePath().normalize();
    return open(absolute, disk, options, clock, new SecureRandom());
  }

  private static DuckStore open(
      Path directory, Disk disk, StoreOptions options, InstantSource clock, RandomGenerator random)
      throws IOException {
    AutoCloseable lock = disk.lock(LOCK);
    try {
      return new DuckStore(lock, new Opening(directory, disk, options, clock, random));
    } catch (IOException | RuntimeException failure) {
      release(lock);
      throw failure;
    }
  }

  /**
   * Waits until statements can be answered. Opening does not: loading DuckDB takes long, and rows
   * can be taken meanwhile. A statement that comes before waits as well.
   *
   * @throws IOException if the query engine did not start
   */
  public void awaitEngine() throws IOException {
    parts.starting().take();
  }

  @Override
  public long committed() {
    return parts.commits().next();
  }

  @Override
  public byte[] state() {
    return parts.commits().state();
  }

  @Override
  public List<Version> versions() {
    return parts.commits().versions();
  }

  @Override
  public synchronized Commit rollback(long version) {
    StoreParts before = parts;
    if (intake.isUsed()) {
      throw new IllegalStateException("rows were written already; go back right after the start");
    }
    before.stopCommits(); // Or they could commit after the rollback.
    long made;
    try {
      made = before.commits().rollback(version);
    } catch (IOException failure) {
      return failed(failure);
    }
    carried = before.problems();
    before.close();
    try {
      parts = opening.open();
    } catch (IOException failure) {
      throw new UncheckedIOException(
          "the store is back at version %d, but could not be opened again; start Leat again"
              .formatted(version),
          failure);
    }
    intake = opening.intake(parts);
    unnamed = null;
    return new Commit.Done(made, 0, 0);
  }

  @Override
  public void define(TableSpec spec) {
    parts.definitions().define(spec);
  }

  @Override
  public List<TableSpec> tables() {
    return parts.definitions().all().stream().map(Definitions.Definition::spec).toList();
  }

  @Override
  public DataSchema schema(String table) {
    return parts.definitions().get(table).schema();
  }

  @Override
  public void provide(ProvidedTables tables) {
    parts.sources().provide(tables);
  }

  @Override
  public String refusal(ViewSpec view, List<ViewSpec> before) {
    return parts.viewCheck().refusal(view, before);
  }

  @Override
  public void materialise(List<ViewSpec> views) {
    parts.views().set(views);
  }

  @Override
  public List<ViewSpec.Status> views() {
    return parts.shelf().all().stream()
        .map(ViewShelf.Entry::status)
        .sorted(Comparator.comparing(ViewSpec.Status::name))
        .toList();
  }

  @Override
  public Intake intake() {
    return intake;
  }

  @Override
  public Commit commit(Cut cut, byte[] state) throws InterruptedException {
    List<RowChunk> chunks = cut.chunks().stream().map(TableChunk::chunk).toList();
    if (!parts.tables().holds(chunks) || cut.nextOffset() < committed()) {
      throw new IllegalArgumentException(
          "rows of this cut are committed already, or not from this store");
    }
    FileWriter writer = parts.sealWriter();
    Sealed before = unnamed;
    if (before != null && before.chunks().equals(chunks)) {
      return seal(cut, state, before.files(), chunks);
    }
    try {
      parts.commits().checkPlace();
      Map<String, List<DataFile>> files =
          parts.sealer().seal(cut, parts.definitions(), writer, parts.newName());
      writer.forceNames();
      return seal(cut, state, files, chunks);
    } catch (IOException failure) {
      writer.discard();
      return failed(failure);
    }
  }

  /**
   * A catalogue that could not be written may have been all the same: the files it would name have
   * to stay.
   */
  private Commit seal(
      Cut cut, byte[] state, Map<String, List<DataFile>> files, List<RowChunk> chunks) {
    long version;
    try {
      version = parts.commits().seal(cut, state, files, chunks);
    } catch (IOException failure) {
      unnamed = new Sealed(chunks, files);
      return failed(failure);
    }
    unnamed = null;
    intake.committed(chunks.stream().mapToLong(RowChunk::payloadBytes).sum());
    lastFailure = "";
    parts.merger().wake();
    List<DataFile> all = files.values().stream().flatMap(List::stream).toList();
    return new Commit.Done(
        version,
        all.stream().mapToLong(DataFile::rows).sum(),
        all.stream().mapToLong(DataFile::bytes).sum());
  }

  private Commit failed(Exception failure) {
    System.getLogger(DuckStore.class.getName())
        .log(System.Logger.Level.WARNING, "a commit failed", failure);
    lastFailure = "the last commit failed, its rows are still in memory: " + failure.getMessage();
    return new Commit.Failed(lastFailure);
  }

  @Override
  public Tally tally() {
    return parts
        .tables()
        .tally(parts.definitions().all().stream().map(Definitions.Definition::name).toList());
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
    Snapshot snapshot = parts.tables().snapshot();
    List<String> problems =
        new ArrayList<>(
            Stream.concat(carried.stream(), parts.problems().stream()).distinct().toList());
    problems.addAll(parts.check().problems());
    problems.add(lastFailure);
    problems.removeIf(String::isEmpty);
    boolean healthy = problems.isEmpty();
    // Worth a look, but nothing is worse for them than slower queries and fuller disks.
    for (String problem : Arrays.asList(parts.merger().failure(), parts.merger().expiryFailure())) {
      if (problem != null) {
        problems.add(problem);
      }
    }
    for (ViewSpec.Status view : views()) {
      if (view.asOf() >= 0 && !view.problem().isEmpty()) {
        problems.add("the view %s is not up to date: %s".formatted(view.name(), view.problem()));
      }
    }
    List<TableStatus> tables =
        parts.definitions().all().stream()
            .map(table -> status(table.name(), snapshot.of(table.name())))
            .toList();
    return new Status(
        healthy,
        String.join("; ", problems),
        tables.stream().mapToLong(TableStatus::sealedRows).sum(),
        tables.stream().mapToLong(TableStatus::hotRows).sum(),
        tables.stream().mapToInt(TableStatus::files).sum(),
        tables.stream().mapToLong(TableStatus::fileBytes).sum(),
        snapshot.version(),
        tables);
  }

  @Override
  public List<LostRows> lost() {
    return parts.check().lost();
  }

  private static TableStatus status(String table, Snapshot.Rows rows) {
    return new TableStatus(
        table,
        rows.files().stream().mapToLong(DataFile::rows).sum(),
        rows.chunks().stream().mapToLong(chunk -> chunk.view().rows()).sum(),
        rows.files().size(),
        rows.files().stream().mapToLong(DataFile::bytes).sum(),
        rows.files().stream().mapToLong(DataFile::payloadBytes).sum());
  }

  /** For tests: waits until the engine works on no statement any more. */
  boolean awaitIdle(Duration patience) throws InterruptedException {
    return parts.queries().awaitIdle(patience);
  }

  /** For tests: does one merge now, if there is one to do. */
  boolean mergeOnce() {
    return parts.merger().mergeOnce();
  }

  /** For tests: brings all views up to date now. */
  void refreshViews() {
    parts.views().refreshAll();
  }

  /** For tests: looks at all files now. */
  void checkFiles() {
    parts.patrol().walkNow();
  }

  /** For tests: drops now what is too old, if there is anything. */
  boolean expireOnce() {
    return parts.merger().expireOnce();
  }

  @Override
  public void close() {
    parts.close();
    release(lock);
  }

  private static void release(AutoCloseable lock) {
    StoreParts.closeQuietly(lock);
  }
}
