package dev.leat.engine;

import dev.leat.engine.StateCut.Section;
import dev.leat.engine.StateManifest.BucketPart;
import dev.leat.engine.StateManifest.DeltaPart;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What the state is made of, and the lock that its three threads share: the one that processes, the
 * one that commits and the merger. It is held for pointer changes only, never during a read or
 * write.
 *
 * <p><b>When a run may be closed.</b> A lookup takes the view as it is when it begins and reads
 * from its runs. A run that leaves the views is retired. The processing thread is in no lookup
 * while it makes a cut, so what was retired before its last cut it does not read any more; other
 * threads look up under {@link #lookups}, which is held to close a run. So a run is closed by the
 * merger, which also is the only one that merges it, after the next cut. A shared filter that was
 * replaced, and a table that became a run, are let go in the same way.
 */
final class StateCatalogue {
  final ReentrantLock lock = new ReentrantLock();

  /** There may be work for the merger, or it has done some. */
  final Condition changed = lock.newCondition();

  /** Held by threads other than the processing one while they look something up. */
  final ReentrantLock lookups = new ReentrantLock();

  private final StateOptions options;

  /** Written under the lock. */
  private final CopyOnWriteArrayList<StateIndex> indexes = new CopyOnWriteArrayList<>();

  // Guarded by lock.
  private long writtenCut;
  private final List<Delta> deltas = new ArrayList<>();
  private final List<Closeable> retired = new ArrayList<>();
  private final List<Closeable> closable = new ArrayList<>();

  /** A delta file and the buckets it speaks of. */
  record Delta(DeltaPart part, List<Section> sections) {
    Delta {
      // The entries themselves are in the tables.
      sections =
          sections.stream()
              .map(each -> new Section(each.windowMicros(), each.bucket(), new Additions()))
              .toList();
    }
  }

  /** For a manifest. */
  record Parts(List<BucketPart> buckets, List<DeltaPart> deltas) {}

  /**
   * Something for the merger: a table to write, or else runs to merge into one, for good if the
   * bucket is closed.
   */
  record Work(
      StateIndex index, Bucket bucket, @Nullable MemTable table, List<Run> runs, boolean closed) {}

  StateCatalogue(StateOptions options, long writtenCut) {
    this.options = options;
    this.writtenCut = writtenCut;
  }

  /** All indexes. Any thread. */
  List<StateIndex> indexes() {
    return indexes;
  }

  /** The index of a window, or {@link StateIndex#ENTITIES}; made if there is none. */
  StateIndex index(long windowMicros, long nowMicros, long nextCut) {
    lock.lock();
    try {
      for (StateIndex index : indexes) {
        if (index.windowMicros == windowMicros) {
          return index;
        }
      }
      StateIndex index = new StateIndex(windowMicros, options, lock, nowMicros, nextCut);
      indexes.add(index);
      return index;
    } finally {
      lock.unlock();
    }
  }

  /** Ends a cut. The thread that processes. */
  StateCut cut(long number, long nowMicros) {
    lock.lock();
    try {
      List<Section> sections = new ArrayList<>();
      indexes.forEach(index -> sections.addAll(index.cut(number)));
      closable.addAll(retired);
      retired.clear();
      changed.signalAll();
      return new StateCut(number, nowMicros, sections);
    } finally {
      lock.unlock();
    }
  }

  long writtenCut() {
    lock.lock();
    try {
      return writtenCut;
    } finally {
      lock.unlock();
    }
  }

  /** A delta that a commit names. Before any thread works. */
  void restore(Delta delta) {
    deltas.add(delta);
  }

  /**
   * A cut is durable: its tables may become runs, and what is too old by its time is let go.
   *
   * @param delta its file, if it has one
   * @return all that makes up the state at the cut
   */
  Parts written(StateCut cut, @Nullable Delta delta) {
    lock.lock();
    try {
      writtenCut = cut.number();
      if (delta != null) {
        deltas.add(delta);
      }
      for (StateIndex index : indexes) {
        index.forget(cut.nowMicros()).forEach(bucket -> retired.addAll(bucket.runs));
      }
      deltas.removeIf(each -> !isNeeded(each));
      changed.signalAll();
      return new Parts(parts(), deltas.stream().map(Delta::part).toList());
    } finally {
      lock.unlock();
    }
  }

  private boolean isNeeded(Delta delta) {
    for (Section section : delta.sections()) {
      for (StateIndex index : indexes) {
        Bucket bucket =
            index.windowMicros == section.windowMicros()
                ? index.buckets().get(section.bucket())
                : null;
        if (bucket != null && bucket.deltasFrom(writtenCut + 1) <= delta.part().cut()) {
          return true;
        }
      }
    }
    return false;
  }

  private List<BucketPart> parts() {
    List<BucketPart> parts = new ArrayList<>();
    for (StateIndex index : indexes) {
      for (Bucket bucket : index.buckets().values()) {
        long deltasFrom = bucket.deltasFrom(writtenCut + 1);
        if (!bucket.runs.isEmpty() || deltasFrom <= writtenCut) {
          List<Long> runs = bucket.runs.stream().map(run -> run.layout().number()).toList();
          parts.add(new BucketPart(index.windowMicros, bucket.number, deltasFrom, runs));
        }
      }
    }
    return parts;
  }

  /** Names of the files that the state at work consists of. Under the lock. */
  Set<String> files() {
    Set<String> names = new HashSet<>();
    runs().forEach(run -> names.add(run.name()));
    deltas.forEach(delta -> names.add(StateFiles.deltaName(delta.part().file())));
    return names;
  }

  private List<Run> runs() {
    List<Run> runs = new ArrayList<>();
    for (StateIndex index : indexes) {
      index.buckets().values().forEach(bucket -> runs.addAll(bucket.runs));
    }
    return runs;
  }

  /** Entries in tables that wait to become runs. Under the lock. */
  long waitingEntries() {
    long waiting = 0;
    for (StateIndex index : indexes) {
      for (Bucket bucket : index.buckets().values()) {
        for (MemTable table : bucket.tables) {
          waiting += table.frozenAt <= writtenCut ? table.size() : 0;
        }
      }
    }
    return waiting;
  }

  /** What the merger should do next, or null; tables first, since they are on the heap. */
  @Nullable Work nextWork() {
    lock.lock();
    try {
      for (StateIndex index : indexes) {
        for (Bucket bucket : index.buckets().values()) {
          // The oldest first, so that what is left begins with a cut.
          if (!bucket.tables.isEmpty() && bucket.tables.getFirst().frozenAt <= writtenCut) {
            return new Work(index, bucket, bucket.tables.getFirst(), List.of(), false);
          }
        }
      }
      for (StateIndex index : indexes) {
        for (Bucket bucket : index.buckets().values()) {
          List<Run> runs = toMerge(index, bucket);
          if (!runs.isEmpty()) {
            return new Work(index, bucket, null, runs, index.isClosed(bucket));
          }
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Runs of about one size, if there are enough; all, if none will follow. */
  private List<Run> toMerge(StateIndex index, Bucket bucket) {
    if (index.isClosed(bucket)) {
      return bucket.tables.isEmpty() && bucket.runs.size() > 1
          ? List.copyOf(bucket.runs)
          : List.of();
    }
    for (Run first : bucket.runs) {
      List<Run> alike =
          bucket.runs.stream()
              .filter(run -> tier(run) == tier(first))
              .limit(options.fanIn())
              .toList();
      if (alike.size() == options.fanIn()) {
        return alike;
      }
    }
    return List.of();
  }

  private int tier(Run run) {
    // A little more than its size, since tables are full at slightly different sizes.
    return (int) (Math.log(run.layout().entries() * 1.1) / Math.log(options.fanIn()));
  }

  /**
   * Puts a run in the place of what it was made from. False if that was forgotten meanwhile: then
   * the run has no use. Under the lock, together with telling the files.
   */
  boolean replace(Work work, Run run) {
    if (work.index().buckets().get(work.bucket().number) != work.bucket()) {
      return false;
    }
    if (work.table() != null) {
      MemTable table = work.table();
      work.bucket().tables.remove(table);
      retired.add(() -> work.index().pool().give(table.memory()));
    }
    work.bucket().runs.removeAll(work.runs());
    retired.addAll(work.runs());
    work.bucket().runs.add(run);
    work.index().refresh();
    changed.signalAll();
    return true;
  }

  /** Lets lookups in an index ask another filter, which has everything that its runs have. */
  void show(StateIndex index, TagFilter filter) {
    lock.lock();
    try {
      TagFilter old = index.replace(filter);
      if (old != null) {
        retired.add(old);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Closes what no lookup reads any more. The merger's thread. */
  void closeRetired() throws IOException {
    List<Closeable> old;
    lock.lock();
    try {
      old = List.copyOf(closable);
      closable.clear();
    } finally {
      lock.unlock();
    }
    if (!old.isEmpty()) {
      lookups.lock();
      try {
        closeAll(old);
      } finally {
        lookups.unlock();
      }
    }
  }

  boolean hasClosable() {
    return !closable.isEmpty();
  }

  /** Closes everything, when no thread is at work any more. */
  void close() throws IOException {
    List<Closeable> all = new ArrayList<>();
    lock.lock();
    try {
      all.addAll(runs());
      for (StateIndex index : indexes) {
        TagFilter filter = index.replace(null);
        if (filter != null) {
          all.add(filter);
        }
      }
      all.addAll(retired);
      all.addAll(closable);
      retired.clear();
      closable.clear();
      indexes.clear();
    } finally {
      lock.unlock();
    }
    closeAll(all);
  }

  private static void closeAll(List<Closeable> things) throws IOException {
    for (Closeable thing : things) {
      thing.close();
    }
  }

  /** Numbers for operators. Any thread; the sizes of tables being filled may be a little old. */
  StateStatus status(String failure) {
    lock.lock();
    try {
      long entries = 0;
      long bytes = deltas.stream().mapToLong(delta -> delta.part().bytes()).sum();
      long memory = 0;
      for (StateIndex index : indexes) {
        memory += index.filterBytes();
        for (Bucket bucket : index.buckets().values()) {
          entries += bucket.tables.stream().mapToLong(MemTable::size).sum();
        }
      }
      List<Run> runs = runs();
      for (Run run : runs) {
        entries += run.layout().entries();
        bytes += run.layout().fileBytes();
        memory += run.memoryBytes();
      }
      return new StateStatus(entries, runs.size(), deltas.size(), bytes, memory, failure);
    } finally {
      lock.unlock();
    }
  }
}
