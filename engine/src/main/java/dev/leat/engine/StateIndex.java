package dev.leat.engine;

import dev.leat.engine.StateCut.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * All that is remembered for one length of window, or the versions of all entities.
 *
 * <p><b>The rule.</b> Let w be the window in microseconds, d = ceil(w / 8), and log time the
 * greatest time that {@link #turn} was told, 0 before. An entry belongs to the bucket {@code
 * floor(log time / d)} of the moment it is added, and is known as long as {@code floor(log time /
 * d)} is at most 8 higher. So it is known while log time is at most w after it was added, and no
 * more when it is 9 * d after, which is w and an eighth, rounded up by less than 9 microseconds.
 * Where it stands on the disk plays no part: the answer depends on the log alone. Versions are
 * never forgotten; they are all in bucket 0.
 *
 * <p>Threads: {@link #add}, {@link #turn} and {@link #cut} belong to the thread that processes.
 */
final class StateIndex {
  /** In place of a window: the versions of entities. */
  static final long ENTITIES = 0;

  /** How many whole buckets make up a window. */
  static final int BUCKETS = 8;

  final long windowMicros;
  private final long bucketMicros;
  private final StateOptions options;
  private final TablePool pool;
  private final ReentrantLock lock;

  // Of the thread that processes.
  private @Nullable MemTable active;
  private Additions additions = new Additions();
  private final List<Section> sections = new ArrayList<>();
  private long nextCut;
  private int expectedEntries;
  private long turnsAtMicros;

  // Guarded by lock; the current bucket is changed by the thread that processes only.
  private final TreeMap<Long, Bucket> buckets = new TreeMap<>();
  private long current;
  private @Nullable TagFilter filter;

  /** Replaced under the lock, read without it. */
  private volatile View view = View.EMPTY;

  /** An index at a log time, whose additions will belong to this cut. */
  StateIndex(
      long windowMicros, StateOptions options, ReentrantLock lock, long nowMicros, long nextCut) {
    this.windowMicros = windowMicros;
    this.bucketMicros =
        windowMicros == ENTITIES
            ? Long.MAX_VALUE
            : Math.max(1, Math.ceilDiv(windowMicros, (long) BUCKETS));
    this.options = options;
    this.pool = new TablePool(options.tableEntries());
    this.lock = lock;
    this.nextCut = nextCut;
    this.current = bucketAt(nowMicros);
    this.turnsAtMicros = turnAfter(current);
  }

  boolean versioned() {
    return windowMicros == ENTITIES;
  }

  View view() {
    return view;
  }

  /** The log time at which the present bucket ends. */
  long turnsAtMicros() {
    return turnsAtMicros;
  }

  private long turnAfter(long bucket) {
    return versioned() || bucket >= Long.MAX_VALUE / bucketMicros
        ? Long.MAX_VALUE
        : (bucket + 1) * bucketMicros;
  }

  private long bucketAt(long nowMicros) {
    return versioned() ? 0 : Math.floorDiv(nowMicros, bucketMicros);
  }

  void add(long high, long low, long position, long version) {
    MemTable table = active;
    if (table == null) {
      table = open();
    }
    table.put(high, low, position, version);
    additions.add(high, low, position, version);
  }

  private MemTable open() {
    MemTable.Memory memory = pool.take();
    MemTable table =
        memory == null
            ? MemTable.expecting(expectedEntries, nextCut)
            : MemTable.in(memory, nextCut);
    active = table;
    lock.lock();
    try {
      buckets.computeIfAbsent(current, Bucket::new).tables.add(table);
      refresh();
    } finally {
      lock.unlock();
    }
    return table;
  }

  /** Log time came to where {@link #turnsAtMicros} said, or further. */
  void turn(long nowMicros) {
    endSection();
    active = null;
    lock.lock();
    try {
      current = bucketAt(nowMicros);
      refresh();
    } finally {
      lock.unlock();
    }
    turnsAtMicros = turnAfter(current);
  }

  private void endSection() {
    if (additions.size() > 0) {
      sections.add(new Section(windowMicros, current, additions));
      additions = new Additions();
    }
  }

  /**
   * Ends what belongs to a cut, and closes the tables that are to become runs. Under the lock.
   *
   * @return what was added since the cut before
   */
  List<Section> cut(long number) {
    endSection();
    for (Bucket bucket : buckets.values()) {
      for (MemTable table : bucket.tables) {
        if (table.frozenAt == Long.MAX_VALUE && isFull(bucket, table, number)) {
          table.frozenAt = number;
          if (table == active) {
            expectedEntries = Math.min(table.size(), options.tableEntries());
            active = null;
          }
        }
      }
    }
    List<Section> cut = List.copyOf(sections);
    sections.clear();
    nextCut = number + 1;
    return cut;
  }

  private boolean isFull(Bucket bucket, MemTable table, long cut) {
    return bucket.number != current
        || table.size() >= options.tableEntries()
        || cut - table.firstCut + 1 >= options.tableCuts();
  }

  /** Where the memory of tables that nobody uses any more goes. */
  TablePool pool() {
    return pool;
  }

  /** The buckets, oldest first; under the lock. */
  Map<Long, Bucket> buckets() {
    return buckets;
  }

  /** Whether nothing can be added to a bucket any more. Under the lock. */
  boolean isClosed(Bucket bucket) {
    return bucket.number != current;
  }

  /** Takes away the buckets that are forgotten at a log time. Under the lock. */
  List<Bucket> forget(long nowMicros) {
    List<Bucket> old = List.copyOf(buckets.headMap(bucketAt(nowMicros) - BUCKETS, false).values());
    old.forEach(bucket -> buckets.remove(bucket.number));
    return old;
  }

  /** Makes the view show what is there. Under the lock. */
  void refresh() {
    List<MemTable> tables = new ArrayList<>();
    List<Bucket> shown =
        List.copyOf(buckets.tailMap(current - BUCKETS, true).descendingMap().values());
    for (Bucket bucket : shown) {
      tables.addAll(bucket.tables.reversed());
    }
    view = new View(tables, shown, filter);
  }

  /** Puts another filter in the place of the shared one, and returns that. Under the lock. */
  @Nullable TagFilter replace(@Nullable TagFilter other) {
    TagFilter old = filter;
    filter = other;
    refresh();
    return old;
  }

  /** Memory of the shared filter. Under the lock. */
  long filterBytes() {
    return filter == null ? 0 : filter.memoryBytes();
  }

  /** Puts back what a commit knows of a bucket: its runs. Before any thread works. */
  void restore(long bucket, List<Run> runs) {
    buckets.computeIfAbsent(bucket, Bucket::new).runs.addAll(runs);
    refresh();
  }

  /** Puts back what a delta says. Before any thread works. */
  void restore(Section section, long cut) {
    Bucket bucket = buckets.computeIfAbsent(section.bucket(), Bucket::new);
    Additions entries = section.additions();
    if (bucket.tables.isEmpty()) {
      MemTable table = MemTable.expecting(entries.size(), cut);
      bucket.tables.add(table);
      active = bucket.number == current ? table : active;
    }
    MemTable table = bucket.tables.getFirst();
    for (int i = 0; i < entries.size(); i++) {
      table.put(entries.high(i), entries.low(i), entries.position(i), entries.version(i));
    }
    refresh();
  }
}
