package dev.leat.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.engine.StateCatalogue.Delta;
import dev.leat.engine.StateCut.Section;
import dev.leat.engine.StateManifest.BucketPart;
import dev.leat.engine.StateManifest.DeltaPart;
import dev.leat.event.Disk;
import dev.leat.event.Threads;
import dev.leat.pipeline.Memory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The memory of the pipeline, on the disk: which events were seen within their windows, and the
 * newest version of each entity. A small log-structured merge tree made for that.
 *
 * <p><b>Where an entry is.</b> Added, it goes into a {@link MemTable}. Each cut's additions become
 * a {@link DeltaFile} before the commit they belong to. A table that is full, or whose time is
 * over, becomes a {@link Run}: sorted, with a directory of its pages in memory. Runs are merged
 * into larger ones by the {@link RunMerger}. A {@link TagFilter} in memory, which all buckets of an
 * index share, says which buckets may have an id; it is made anew from the runs at the start.
 * Entries are kept by buckets of time ({@link StateIndex} has the rule), and whole buckets are
 * forgotten. An entry is a {@link Fingerprint} with a position.
 *
 * <p><b>Commits.</b> {@link #write} returns a {@link StateManifest}, a few KB that name all files
 * of the state at a cut; whoever keeps it with the position of the log opens the state exactly as
 * it was there. What no commit names any more is deleted, never what one may name.
 *
 * <p><b>Threads.</b> Those of {@link Memory} and {@link #cut} belong to the thread that processes;
 * {@link #write} and {@link #committed} to the one that commits; {@link #find} and {@link #status}
 * to any. {@link #close} when none of them is at work any more.
 *
 * <p>A lookup that can't read throws {@link UncheckedIOException}, one that finds damage {@link
 * StateDamagedException}: then nothing may be processed any further.
 */
public final class StateStore implements Memory, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(StateStore.class.getName());

  private final StateKey key;
  private final StateFiles files;
  private final StateCatalogue catalogue;
  private final RunMerger merger;
  private final @Nullable Lookups lookups;

  // Of the thread that processes.
  private final PageReader page = new PageReader(1);
  private long nowMicros;
  private long nextCut;
  private long nextTurnMicros = Long.MAX_VALUE;

  // Of the thread that commits.
  private byte[] lastManifest;
  private Set<String> lastFiles;

  /** Of the thread that answers lookups, under the catalogue's lock for them. */
  private final PageReader lookupPage = new PageReader(1);

  /** The secret of a data directory. */
  private record StateKey(long key0, long key1) {}

  private StateStore(
      StateKey key,
      StateManifest manifest,
      StateFiles files,
      StateCatalogue catalogue,
      RunMerger merger,
      @Nullable Lookups lookups) {
    this.key = key;
    this.files = files;
    this.catalogue = catalogue;
    this.merger = merger;
    this.lookups = lookups;
    this.nowMicros = manifest.nowMicros();
    this.nextCut = manifest.cut() + 1;
    this.lastManifest = manifest.encode();
    this.lastFiles = manifest.files();
  }

  /** A memory without a past, for measuring what remembering costs; nothing of it is committed. */
  public static StateStore fresh(Disk disk, RandomGenerator chance) throws IOException {
    return open(disk, new byte[0], StateOptions.defaults(), chance, Threads.real());
  }

  /**
   * Opens the state as a commit has it, and starts its threads. Deletes files that the commit does
   * not name.
   *
   * @param manifest what {@link #write} returned for the last commit; empty if there is none: then
   *     the state is empty, and has a new key
   * @param chance where a new key comes from; not to be guessed by those who send events
   * @throws StateDamagedException if a file is not as it was written
   */
  static StateStore open(
      Disk disk, byte[] manifest, StateOptions options, RandomGenerator chance, Threads threads)
      throws IOException {
    return open(disk, manifest, Set.of(), options, chance, threads);
  }

  /**
   * The same; files of versions that can be gone back to stay.
   *
   * @param ofVersions names of all files that these have
   */
  static StateStore open(
      Disk disk,
      byte[] manifest,
      Set<String> ofVersions,
      StateOptions options,
      RandomGenerator chance,
      Threads threads)
      throws IOException {
    Lookups lookups = new Lookups("leat-state-lookup", threads);
    StateStore store = openWith(lookups, disk, manifest, ofVersions, options, chance);
    store.merger.start(threads);
    return store;
  }

  /** Without threads: runs are written and merged by {@link #step} alone. */
  static StateStore openStill(
      Disk disk, byte[] manifest, StateOptions options, RandomGenerator chance) throws IOException {
    return openWith(null, disk, manifest, Set.of(), options, chance);
  }

  private static StateStore openWith(
      @Nullable Lookups lookups,
      Disk disk,
      byte[] encoded,
      Set<String> ofVersions,
      StateOptions options,
      RandomGenerator chance)
      throws IOException {
    StateManifest manifest =
        encoded.length > 0
            ? StateManifest.decode(encoded)
            : new StateManifest(
                chance.nextLong(), chance.nextLong(), 0, 0, 0, List.of(), List.of());
    StateFiles files =
        new StateFiles(disk, StateFiles.DIRECTORY, manifest.nextFile(), options.keptManifests());
    files.keep(ofVersions);
    try {
      files.begin(manifest.files());
    } catch (IOException | RuntimeException failed) {
      if (lookups != null) {
        lookups.close();
      }
      throw failed;
    }
    StateCatalogue catalogue = new StateCatalogue(options, manifest.cut());
    RunMerger merger = new RunMerger(catalogue, files, options);
    StateKey key = new StateKey(manifest.key0(), manifest.key1());
    StateStore store = new StateStore(key, manifest, files, catalogue, merger, lookups);
    try {
      store.load(disk, manifest);
    } catch (IOException | RuntimeException failed) {
      catalogue.close();
      if (lookups != null) {
        lookups.close();
      }
      throw failed;
    }
    return store;
  }

  private void load(Disk disk, StateManifest manifest) throws IOException {
    for (BucketPart part : manifest.buckets()) {
      StateIndex index = index(part.windowMicros());
      for (long number : part.runs()) {
        Run run = Run.open(disk, StateFiles.runName(number), number);
        index.restore(part.bucket(), List.of(run));
      }
    }
    for (DeltaPart part : manifest.deltas()) {
      StateCut delta = DeltaFile.read(disk, part);
      for (Section section : delta.sections()) {
        if (isLive(manifest, section, part.cut())) {
          index(section.windowMicros()).restore(section, part.cut());
        }
      }
      catalogue.restore(new Delta(part, delta.sections()));
    }
    merger.restoreFilters();
  }

  private static boolean isLive(StateManifest manifest, Section section, long cut) {
    return manifest.buckets().stream()
        .anyMatch(
            part ->
                part.windowMicros() == section.windowMicros()
                    && part.bucket() == section.bucket()
                    && part.deltasFrom() <= cut);
  }

  private StateIndex index(long windowMicros) {
    StateIndex index = catalogue.index(windowMicros, nowMicros, nextCut);
    nextTurnMicros = Math.min(nextTurnMicros, index.turnsAtMicros());
    return index;
  }

  /**
   * The events of a stream. Streams with equal windows share an index; with another window, a
   * stream begins anew.
   *
   * @throws IllegalArgumentException if the window is shorter than a microsecond
   */
  @Override
  public Seen seen(String stream, Duration window) {
    long windowMicros =
        Math.addExact(
            Math.multiplyExact(window.getSeconds(), 1_000_000L), window.getNano() / 1_000);
    if (windowMicros < 1) {
      throw new IllegalArgumentException(
          "the window of stream %s must be at least a microsecond, not %s"
              .formatted(stream, window));
    }
    return new StreamSeen(
        index(windowMicros), Fingerprint.ofEvents(key.key0(), key.key1(), stream), page);
  }

  @Override
  public Versions versions(String stream) {
    return new StreamVersions(
        index(StateIndex.ENTITIES), Fingerprint.ofEntities(key.key0(), key.key1(), stream), page);
  }

  @Override
  public void advance(long receivedMicros) {
    if (receivedMicros <= nowMicros) {
      return;
    }
    nowMicros = receivedMicros;
    if (nowMicros >= nextTurnMicros) {
      nextTurnMicros = Long.MAX_VALUE;
      for (StateIndex index : catalogue.indexes()) {
        if (nowMicros >= index.turnsAtMicros()) {
          index.turn(nowMicros);
        }
        nextTurnMicros = Math.min(nextTurnMicros, index.turnsAtMicros());
      }
    }
  }

  /** Ends a cut: what was learned since the one before, for {@link #write}. Cheap. */
  StateCut cut() {
    return catalogue.cut(nextCut++, nowMicros);
  }

  /**
   * Makes a cut durable. Cuts are written in their order, none left out; one that failed may be
   * written again, and one that was written gives the same answer again. Waits for the merger if it
   * is far behind.
   *
   * @return the manifest of the state at the cut, for the commit
   * @throws IOException if that failed; saying why
   * @throws StateDamagedException if the merger has found damage
   */
  byte[] write(StateCut cut) throws IOException, InterruptedException {
    long written = catalogue.writtenCut();
    if (cut.number() == written) {
      return lastManifest.clone();
    }
    if (cut.number() != written + 1) {
      throw new IllegalStateException(
          "cut %d can't be written after cut %d".formatted(cut.number(), written));
    }
    merger.awaitRoom();
    StateCatalogue.Parts parts = catalogue.written(cut, writeDelta(cut));
    StateManifest manifest =
        new StateManifest(
            key.key0(),
            key.key1(),
            cut.nowMicros(),
            cut.number(),
            files.end(),
            parts.buckets(),
            parts.deltas());
    lastManifest = manifest.encode();
    lastFiles = manifest.files();
    return lastManifest.clone();
  }

  private @Nullable Delta writeDelta(StateCut cut) throws IOException {
    if (cut.sections().isEmpty()) {
      return null;
    }
    long number = files.nextNumber();
    String name = StateFiles.deltaName(number);
    files.written(name);
    try {
      long bytes = DeltaFile.write(files.disk(), name, cut);
      files.forceNames();
      return new Delta(new DeltaPart(cut.number(), number, bytes), cut.sections());
    } catch (IOException failed) {
      files.discard(name);
      throw failed;
    }
  }

  /** Says which files the versions have that can be gone back to. The thread that commits. */
  void keep(Set<String> ofVersions) {
    files.keep(ofVersions);
  }

  /**
   * A commit with this manifest is durable: files that only older ones name may go, but those of
   * the last few are kept, and those of {@link #keep}. What can't be deleted is reported and tried
   * again.
   */
  void committed(byte[] manifest) {
    files.committed(StateManifest.decode(manifest).files());
    List<String> useless;
    catalogue.lock.lock();
    try {
      Set<String> inUse = new HashSet<>(catalogue.files());
      inUse.addAll(lastFiles);
      useless = files.useless(inUse);
    } finally {
      catalogue.lock.unlock();
    }
    files.delete(useless);
  }

  /**
   * The position at which an event was first seen, if that is remembered, else -1. Whatever {@link
   * Seen#add} had remembered before the call is found. Any thread; slower than {@link Seen#first}.
   */
  long find(String stream, String source, String id) throws IOException {
    return lookups == null
        ? findNow(stream, source, id)
        : lookups.ask(() -> findNow(stream, source, id));
  }

  private long findNow(String stream, String source, String id) throws IOException {
    byte[] first = source.getBytes(UTF_8);
    byte[] second = id.getBytes(UTF_8);
    byte[] both = new byte[first.length + second.length];
    System.arraycopy(first, 0, both, 0, first.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    Fingerprint fingerprint = Fingerprint.ofEvents(key.key0(), key.key1(), stream);
    fingerprint.event(both, 0, first.length, first.length, second.length);
    catalogue.lookups.lock();
    try {
      for (StateIndex index : catalogue.indexes()) {
        long position =
            index.versioned()
                ? Seen.NEVER
                : index.view().position(fingerprint.high, fingerprint.low, lookupPage);
        if (position >= 0) {
          return position;
        }
      }
      return Seen.NEVER;
    } finally {
      catalogue.lookups.unlock();
    }
  }

  /** Numbers for operators. Any thread. */
  StateStatus status() {
    return catalogue.status(merger.failure());
  }

  /** Does one piece of background work, if there are no threads for it; false if there is none. */
  boolean step() throws IOException {
    return merger.step();
  }

  /** Ends the threads. What was not committed is gone, and is learned again from the log. */
  @Override
  public void close() {
    try {
      if (lookups != null) {
        lookups.close();
      }
      if (merger.stop()) {
        catalogue.close();
      } else {
        LOG.log(Level.WARNING, "the merger of the state does not stop; its files stay open");
      }
    } catch (IOException failed) {
      LOG.log(Level.WARNING, "closing the state failed", failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private record StreamSeen(StateIndex index, Fingerprint fingerprint, PageReader page)
      implements Seen {
    @Override
    public long first(byte[] bytes, int sourceAt, int sourceLength, int idAt, int idLength) {
      fingerprint.event(bytes, sourceAt, sourceLength, idAt, idLength);
      try {
        return index.view().position(fingerprint.high, fingerprint.low, page);
      } catch (IOException failed) {
        throw unreadable(failed);
      }
    }

    @Override
    public void add(
        byte[] bytes, int sourceAt, int sourceLength, int idAt, int idLength, long position) {
      fingerprint.event(bytes, sourceAt, sourceLength, idAt, idLength);
      index.add(fingerprint.high, fingerprint.low, position, 0);
    }
  }

  private record StreamVersions(StateIndex index, Fingerprint fingerprint, PageReader page)
      implements Versions {
    @Override
    public long of(byte[] bytes, int keyAt, int keyLength) {
      fingerprint.entity(bytes, keyAt, keyLength);
      try {
        return index.view().version(fingerprint.high, fingerprint.low, page, NONE);
      } catch (IOException failed) {
        throw unreadable(failed);
      }
    }

    @Override
    public void set(byte[] bytes, int keyAt, int keyLength, long version, long position) {
      fingerprint.entity(bytes, keyAt, keyLength);
      index.add(fingerprint.high, fingerprint.low, position, version);
    }
  }

  private static UncheckedIOException unreadable(IOException failed) {
    return new UncheckedIOException(
        new IOException("cannot read the state: " + failed.getMessage(), failed));
  }
}
