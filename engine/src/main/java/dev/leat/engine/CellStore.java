package dev.leat.engine;

import dev.leat.engine.CellCatalogue.Chain;
import dev.leat.engine.CellCatalogue.Snapshot;
import dev.leat.engine.CellFile.Block;
import dev.leat.engine.CellFile.Place;
import dev.leat.event.Disk;
import dev.leat.event.Threads;
import dev.leat.pipeline.Aggregates;
import dev.leat.pipeline.AggregatesCut;
import dev.leat.pipeline.BucketChange;
import dev.leat.pipeline.Level;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The results of metrics on disk: buckets of cells by metric, level and time, in files that become
 * part of a commit. What is read is what commits have made durable. Any thread reads; one writes.
 *
 * <p>The changes of each cut become one {@link CellFile} before the commit they belong to; files of
 * about one size are merged by the {@link CellMerger}. {@link #write} returns a {@link
 * CellManifest}, which names all files at a cut: whoever keeps it with the position of the log
 * opens the results as they were there. What no commit names any more is deleted.
 *
 * <p>Reading finds damage by checksums and then throws {@link StateDamagedException}; if it fails,
 * {@link UncheckedIOException}.
 */
final class CellStore implements Aggregates.Source, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(CellStore.class.getName());

  /** Takes buckets. */
  @FunctionalInterface
  interface Receiver {
    /**
     * Takes one.
     *
     * @param stamp another one whenever the bucket has changed
     * @param block reads the bucket; only while the call lasts
     */
    void bucket(long bucket, long stamp, Supplier<byte[]> block);
  }

  /** What somebody asked for, for the next {@link #write}. */
  private sealed interface Request {
    record Change(BucketChange change) implements Request {}

    record Forget(long metric, Level level, long before) implements Request {
      boolean names(Place place) {
        return place.metric() == metric && place.level() == level && place.bucket() < before;
      }
    }
  }

  private final StateFiles files;
  private final CellCatalogue catalogue;
  private final CellMerger merger;
  private final List<Request> requests = new ArrayList<>(); // guarded by itself
  private boolean wanted; // guarded by requests

  // Of the thread that commits.
  private final ArrayDeque<CellFile> written = new ArrayDeque<>();
  private long lastCut;
  private CellManifest lastManifest;

  private CellStore(
      StateFiles files, CellCatalogue catalogue, CellMerger merger, CellManifest manifest) {
    this.files = files;
    this.catalogue = catalogue;
    this.merger = merger;
    this.lastManifest = manifest;
  }

  /** The store that a committed manifest names; empty for none. Files it does not name go. */
  static CellStore open(Disk disk, byte[] manifest, Threads threads) throws IOException {
    return open(disk, manifest, Set.of(), threads);
  }

  /** The same; files of versions that can be gone back to, which are named, stay. */
  static CellStore open(Disk disk, byte[] manifest, Set<String> ofVersions, Threads threads)
      throws IOException {
    CellStore store = openStill(disk, manifest, ofVersions, CellRules.defaults());
    store.merger.start(threads);
    return store;
  }

  /** Without a thread: files are merged by {@link #step} alone. */
  static CellStore openStill(Disk disk, byte[] encoded, CellRules rules) throws IOException {
    return openStill(disk, encoded, Set.of(), rules);
  }

  private static CellStore openStill(
      Disk disk, byte[] encoded, Set<String> ofVersions, CellRules rules) throws IOException {
    CellManifest manifest = CellManifest.decode(encoded);
    StateFiles files =
        new StateFiles(disk, StateFiles.CELLS, manifest.nextFile(), rules.keptManifests());
    files.keep(ofVersions);
    files.begin(manifest.names());
    CellCatalogue catalogue = new CellCatalogue(rules);
    try {
      for (CellManifest.Part part : manifest.files()) {
        catalogue.show(CellFile.open(disk, part));
      }
    } catch (IOException | RuntimeException failed) {
      catalogue.close();
      throw failed;
    }
    return new CellStore(files, catalogue, new CellMerger(catalogue, files), manifest);
  }

  /**
   * Writes and forces what changed; the manifest is for the commit. For the checkpointer. Cuts are
   * written in their order; one that failed may be written again, and one that was written gives
   * the same answer again. What was submitted goes first: what events changed in the same bucket
   * holds.
   *
   * @throws IOException if that failed; saying why
   */
  byte[] write(AggregatesCut cut) throws IOException {
    if (cut.number() == lastCut) {
      return lastManifest.encode();
    }
    if (cut.number() < lastCut) {
      throw new IllegalStateException(
          "cut %d can't be written after cut %d".formatted(cut.number(), lastCut));
    }
    List<Request> asked;
    synchronized (requests) {
      wanted = false;
      asked = List.copyOf(requests);
    }
    List<BucketChange> changes = gather(asked, cut.changes());
    if (!changes.isEmpty()) {
      written.add(write(changes));
    }
    List<CellManifest.Part> parts = new ArrayList<>(catalogue.parts());
    written.forEach(file -> parts.add(file.part()));
    lastManifest = new CellManifest(files.end(), parts);
    lastCut = cut.number();
    synchronized (requests) {
      requests.subList(0, asked.size()).clear();
    }
    return lastManifest.encode();
  }

  private CellFile write(List<BucketChange> changes) throws IOException {
    long number = files.nextNumber();
    files.written(StateFiles.cellsName(number));
    try (CellFileWriter out = new CellFileWriter(files.disk(), number)) {
      for (BucketChange change : changes) {
        out.add(place(change), change.whole(), change.block());
      }
      CellFile file = out.finish();
      try {
        files.forceNames();
        return file;
      } catch (IOException failed) {
        file.close();
        throw failed;
      }
    } catch (IOException failed) {
      files.discard(StateFiles.cellsName(number));
      throw failed;
    }
  }

  /** All changes in their order, without those that a later one makes meaningless. */
  private List<BucketChange> gather(List<Request> asked, List<BucketChange> ofEvents) {
    List<BucketChange> all = new ArrayList<>();
    for (Request request : asked) {
      switch (request) {
        case Request.Change submitted -> all.add(submitted.change());
        case Request.Forget forget -> forget(forget, all);
      }
    }
    all.addAll(ofEvents);
    Set<Place> replaced = new HashSet<>();
    List<BucketChange> newestFirst = new ArrayList<>();
    for (BucketChange change : all.reversed()) {
      if (change.whole() ? replaced.add(place(change)) : !replaced.contains(place(change))) {
        newestFirst.add(change);
      }
    }
    return newestFirst.reversed();
  }

  private void forget(Request.Forget forget, List<BucketChange> changes) {
    Set<Long> begins =
        new TreeSet<>(catalogue.before(forget.metric(), forget.level(), forget.before()));
    Stream.concat(
            written.stream().flatMap(file -> file.blocks().stream()).map(Block::place),
            changes.stream().map(CellStore::place))
        .filter(forget::names)
        .forEach(place -> begins.add(place.bucket()));
    for (long begin : begins) {
      changes.add(new BucketChange(forget.metric(), forget.level(), begin, true, new byte[0]));
    }
  }

  private static Place place(BucketChange change) {
    return new Place(change.metric(), change.level(), change.bucket());
  }

  /** Says which files the versions have that can be gone back to. For the checkpointer. */
  void keep(Set<String> ofVersions) {
    files.keep(ofVersions);
  }

  /**
   * What {@link #write} gave is committed: readers see it from now on. Files that only older
   * commits name may go, but those of the last few are kept. For the checkpointer.
   */
  void committed(byte[] manifest) {
    Set<String> names = CellManifest.decode(manifest).names();
    files.committed(names);
    while (!written.isEmpty() && names.contains(written.getFirst().name())) {
      catalogue.show(written.removeFirst());
    }
    List<String> useless;
    catalogue.lock.lock();
    try {
      Set<String> inUse = new HashSet<>(catalogue.names());
      inUse.addAll(lastManifest.names());
      written.forEach(file -> inUse.add(file.name()));
      useless = files.useless(inUse);
    } finally {
      catalogue.lock.unlock();
    }
    files.delete(useless);
  }

  /** Changes that did not come from events, for the next {@link #write}. Any thread. */
  void submit(List<BucketChange> changes) {
    synchronized (requests) {
      changes.forEach(change -> requests.add(new Request.Change(change)));
    }
  }

  /**
   * Forgets all buckets of a level that begin earlier, with the next {@link #write}. Any thread.
   */
  void forget(long metric, Level level, long before) {
    synchronized (requests) {
      requests.add(new Request.Forget(metric, level, before));
    }
  }

  /** Asks for a commit of what changed without an event. Any thread. */
  void wantCommit() {
    synchronized (requests) {
      wanted = true;
    }
  }

  /** Whether something was asked for that is in no cut yet. Any thread. */
  boolean hasRequests() {
    synchronized (requests) {
      return wanted || !requests.isEmpty();
    }
  }

  /** Every committed bucket of a level that begins in the stretch, oldest first. Any thread. */
  void scan(long metric, Level level, long from, long to, Receiver receiver) {
    try (Snapshot snapshot = catalogue.snapshot(metric, level, from, to)) {
      snapshot
          .buckets()
          .forEach((bucket, chain) -> receiver.bucket(bucket, chain.stamp(), () -> read(chain)));
    }
  }

  private byte[] read(Chain chain) {
    try {
      return CellMerger.content(chain.blocks());
    } catch (StateDamagedException damaged) {
      SetAside.suspect(files.disk(), damaged);
      throw damaged;
    } catch (IOException failed) {
      throw new UncheckedIOException(
          new IOException("cannot read the results of metrics: " + failed.getMessage(), failed));
    }
  }

  /** The begin of the first bucket of a level; {@code Long.MAX_VALUE} if there is none. */
  long first(long metric, Level level) {
    return catalogue.first(metric, level);
  }

  @Override
  public void scan(long metric, Level level, long from, long to, Aggregates.Buckets receiver) {
    scan(metric, level, from, to, (bucket, _, block) -> receiver.bucket(bucket, block.get()));
  }

  /** Does what the merger would do next; false if there is nothing. */
  boolean step() throws IOException {
    return merger.step();
  }

  /** Ends the merger. What is not committed is gone. Who is reading may go on to the end. */
  @Override
  public void close() {
    try {
      if (!merger.stop()) {
        LOG.log(
            System.Logger.Level.WARNING,
            "the merger of the results of metrics does not stop; its files stay open");
        return;
      }
      catalogue.close();
      for (CellFile file : written) {
        file.close();
      }
    } catch (IOException failed) {
      LOG.log(System.Logger.Level.WARNING, "closing the results of metrics failed", failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
