package dev.leat.store;

import dev.leat.event.Alongside;
import dev.leat.event.Disk;
import dev.leat.event.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;

/** The parts of an open store, put together in the order in which they need each other. */
record StoreParts(
    Path directory,
    Disk disk,
    RandomGenerator random,
    Definitions definitions,
    Tables tables,
    Visibility visibility,
    Commits commits,
    Sealer sealer,
    DuckDatabase merging,
    Merger merger,
    DuckDatabase querying,
    Alongside<DuckDatabase> starting,
    QueryRunner queries,
    Sources sources,
    ViewShelf shelf,
    ViewCheck viewCheck,
    DuckDatabase viewing,
    Views views,
    FileCheck check,
    FilePatrol patrol,
    List<String> problems)
    implements AutoCloseable {

  /** Opens the store of a directory that somebody holds the lock of. */
  static StoreParts open(
      Path directory, Disk disk, StoreOptions options, InstantSource clock, RandomGenerator random)
      throws IOException {
    Catalogue catalogue = Catalogue.open(disk, options.partitions(), options.keepVersions());
    CatalogueState state = catalogue.state();
    String damage =
        catalogue.damage().isEmpty() ? Recovery.lostEnd(directory, state) : catalogue.damage();
    if (damage.isEmpty()) {
      Recovery.removeOrphans(directory, state);
    }
    Recovery.Found found = Recovery.check(disk, state);
    Path root = directory.resolve(FileWriter.ROOT);
    ViewFiles viewFiles = new ViewFiles(disk);
    viewFiles.open(state.position().next());
    Path spill = directory.resolve("tmp");
    Recovery.removeSpilled(spill);
    Files.createDirectories(spill);

    Definitions definitions = Definitions.of(state);
    long next = state.position().next();
    Tables tables = new Tables(new Snapshot(state.version(), found.readable()), next);
    Visibility visibility = new Visibility(next);
    FileCheck check = new FileCheck(disk, tables, found.damaged());
    Commits commits = new Commits(catalogue, tables, definitions, disk, check, clock);

    DuckDatabase merging =
        DuckDatabase.forFiles(
            spill.resolve("merge"), options.mergeMemoryBytes(), new RowTables(random, 1));
    Carriers carriers = new Carriers(root, merging);
    Merger merger =
        new Merger(
            directory,
            disk,
            tables,
            definitions,
            commits,
            carriers,
            check,
            new MergePlan(
                options.mergeTargetBytes(), options.mergeMemoryBytes() / 3, options.settleAfter()),
            clock,
            () -> new FileWriter(disk, directory, merging),
            () -> name(random, commits));

    ViewShelf shelf = new ViewShelf(viewFiles);
    Sources sources = new Sources(directory, tables, definitions, carriers, check, shelf);
    List<Path> readable = List.of(root, directory.resolve(ViewFiles.ROOT));
    RowTables hot = new RowTables(random, options.queryThreads());
    DuckDatabase querying = DuckDatabase.forQueries(readable, spill.resolve("query"), options, hot);
    RowTables viewed = new RowTables(random, 1);
    DuckDatabase viewing = DuckDatabase.forViews(readable, spill.resolve("views"), options, viewed);
    ViewWriter viewWriter = new ViewWriter(directory, viewFiles, () -> name(random, commits));
    Views views =
        new Views(
            shelf,
            viewFiles,
            new ViewBuilder(sources, viewing, viewed, viewWriter, clock),
            () -> List.of(visibility.offset(), tables.snapshot().version()),
            new SqlErrors(directory));
    return new StoreParts(
        directory,
        disk,
        random,
        definitions,
        tables,
        visibility,
        commits,
        new Sealer(options.minDayRows()),
        merging,
        merger,
        querying,
        Alongside.begin(Threads.real(), "leat-duckdb-start", () -> started(querying)),
        new QueryRunner(new QueryWorker(sources, querying, hot), options),
        sources,
        shelf,
        new ViewCheck(sources, querying, hot),
        viewing,
        views,
        check,
        new FilePatrol(check, commits),
        List.of(damage));
  }

  private static DuckDatabase started(DuckDatabase querying) throws IOException {
    try {
      return querying.started();
    } catch (SQLException failure) {
      throw new IOException("the query engine did not start: " + failure.getMessage(), failure);
    }
  }

  FileWriter sealWriter() {
    return new FileWriter(disk, directory, merging);
  }

  /** A name that no file has had: a commit that failed may have left its files behind. */
  String newName() {
    return name(random, commits);
  }

  private static String name(RandomGenerator random, Commits commits) {
    return "%010d-%016x".formatted(commits.version() + 1, random.nextLong());
  }

  /** Returns when no merge runs any more, nor will, and nothing else commits by itself. */
  void stopCommits() {
    merger.stop();
    merging.close();
    merger.close();
    patrol.close();
  }

  @Override
  public void close() {
    queries.close();
    querying.close();
    views.stop();
    viewing.close();
    views.close();
    merger.stop();
    merging.close();
    merger.close();
    patrol.close();
    closeQuietly(commits);
  }

  /** Returns when the thread has ended; an interrupt meanwhile is kept for later. */
  static void awaitEnd(Thread thread) {
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

  /** Closes what nothing depends on any more, so that a failure is worth a line and no more. */
  static void closeQuietly(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception failure) {
      System.getLogger(StoreParts.class.getName())
          .log(System.Logger.Level.WARNING, "closing failed", failure);
    }
  }
}
