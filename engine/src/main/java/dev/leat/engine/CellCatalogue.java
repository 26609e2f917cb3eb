package dev.leat.engine;

import dev.leat.engine.CellFile.Block;
import dev.leat.engine.CellFile.Place;
import dev.leat.pipeline.Level;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which committed files of cells there are, and which of their blocks make up each bucket. Its lock
 * is held for changes of pointers only, never during a read or write.
 *
 * <p>Files stand in the order in which what they say holds. The blocks of a bucket are the last
 * whole one, if there is one, and the partial ones after it; whoever opens the files finds the same
 * from their indexes. A block that says that a bucket is gone is kept as long as an older file
 * speaks of the bucket.
 *
 * <p>A reader pins the files it reads from; a file that was merged away is closed by the last.
 */
final class CellCatalogue {
  private static final System.Logger LOG = System.getLogger(CellCatalogue.class.getName());

  final ReentrantLock lock = new ReentrantLock();

  /** There may be work for the merger. */
  final Condition changed = lock.newCondition();

  private final CellRules rules;

  // Guarded by lock.
  private final List<CellFile> files = new ArrayList<>();
  private final Map<Series, NavigableMap<Long, Chain>> buckets = new HashMap<>();
  private final Set<CellFile> retired = new HashSet<>();
  private long stamps;
  private long shown;

  private record Series(long metric, Level level) {}

  /**
   * The blocks of a bucket.
   *
   * @param stamp another one whenever what they say changes
   */
  record Chain(long stamp, List<Block> blocks) {
    Chain {
      blocks = List.copyOf(blocks);
    }

    boolean isGone() {
      return blocks.size() == 1 && blocks.getFirst().isGone();
    }
  }

  /** Buckets as they were at a moment; their files stay open until it is closed. */
  record Snapshot(CellCatalogue catalogue, NavigableMap<Long, Chain> buckets, List<CellFile> pinned)
      implements AutoCloseable {
    @Override
    public void close() {
      catalogue.unpin(pinned);
    }
  }

  /**
   * Files to make one of; consecutive.
   *
   * @param items what goes into it, sorted; if there is nothing, the files just go
   */
  record Work(List<CellFile> inputs, List<Item> items) {}

  /**
   * What becomes of a bucket's blocks from the first one up to the last that is in the inputs.
   *
   * @param from the blocks
   * @param kept how many of them, at the beginning, stay where they are, in older files
   * @param whole whether the others are written as one whole block, and not as they are
   * @param dropped whether they are not written at all
   */
  record Item(Place place, List<Block> from, int kept, boolean whole, boolean dropped) {
    /** Those that are written or dropped. */
    List<Block> moved() {
      return from.subList(kept, from.size());
    }
  }

  CellCatalogue(CellRules rules) {
    this.rules = rules;
  }

  /** Shows a file of a commit, which comes after all others. */
  void show(CellFile file) {
    lock.lock();
    try {
      files.add(file);
      shown++;
      file.blocks().forEach(this::show);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How many files were shown so far. */
  long shown() {
    lock.lock();
    try {
      return shown;
    } finally {
      lock.unlock();
    }
  }

  private void show(Block block) {
    NavigableMap<Long, Chain> series = series(block.metric, block.level);
    Chain chain = series.get(block.bucket);
    if (chain == null && block.isGone()) {
      return; // No older file speaks of it.
    }
    lives(block);
    series.put(
        block.bucket, new Chain(++stamps, chain == null ? List.of(block) : after(chain, block)));
  }

  private static List<Block> after(Chain before, Block block) {
    if (block.whole) {
      before.blocks().forEach(CellCatalogue::dies);
      return List.of(block);
    }
    List<Block> blocks = new ArrayList<>(before.blocks());
    blocks.add(block);
    return blocks;
  }

  private static void lives(Block block) {
    block.file.liveBlocks++;
    block.file.liveBytes += block.bytes();
  }

  private static void dies(Block block) {
    block.file.liveBlocks--;
    block.file.liveBytes -= block.bytes();
  }

  private NavigableMap<Long, Chain> series(long metric, Level level) {
    return buckets.computeIfAbsent(new Series(metric, level), _ -> new TreeMap<>());
  }

  /** What is known of a level's buckets that begin in the stretch. */
  Snapshot snapshot(long metric, Level level, long from, long to) {
    lock.lock();
    try {
      NavigableMap<Long, Chain> found = new TreeMap<>();
      NavigableMap<Long, Chain> series = buckets.get(new Series(metric, level));
      if (series != null && from < to) {
        found.putAll(series.subMap(from, true, to, false));
        found.values().removeIf(Chain::isGone);
      }
      List<CellFile> pinned = found.isEmpty() ? List.of() : List.copyOf(files);
      pinned.forEach(file -> file.readers++);
      return new Snapshot(this, found, pinned);
    } finally {
      lock.unlock();
    }
  }

  private void unpin(List<CellFile> pinned) {
    List<CellFile> unused = new ArrayList<>();
    lock.lock();
    try {
      for (CellFile file : pinned) {
        file.readers--;
        if (file.readers == 0 && retired.remove(file)) {
          unused.add(file);
        }
      }
    } finally {
      lock.unlock();
    }
    close(unused);
  }

  private static void close(List<CellFile> unused) {
    for (CellFile file : unused) {
      try {
        file.close();
      } catch (IOException failed) {
        // Nothing is written to it any more, and nobody reads it.
        LOG.log(System.Logger.Level.WARNING, "closing " + file.name() + " failed", failed);
      }
    }
  }

  /** Begins of the buckets of a level that begin earlier, and are there. */
  List<Long> before(long metric, Level level, long end) {
    lock.lock();
    try {
      List<Long> found = new ArrayList<>();
      NavigableMap<Long, Chain> series = buckets.get(new Series(metric, level));
      if (series != null) {
        series
            .headMap(end, false)
            .forEach(
                (bucket, chain) -> {
                  if (!chain.isGone()) {
                    found.add(bucket);
                  }
                });
      }
      return found;
    } finally {
      lock.unlock();
    }
  }

  /** The begin of the first bucket of a level; {@code Long.MAX_VALUE} if there is none. */
  long first(long metric, Level level) {
    lock.lock();
    try {
      NavigableMap<Long, Chain> series = buckets.get(new Series(metric, level));
      if (series != null) {
        for (Map.Entry<Long, Chain> bucket : series.entrySet()) {
          if (!bucket.getValue().isGone()) {
            return bucket.getKey();
          }
        }
      }
      return Long.MAX_VALUE;
    } finally {
      lock.unlock();
    }
  }

  /** The files, for a manifest. */
  List<CellManifest.Part> parts() {
    lock.lock();
    try {
      return files.stream().map(CellFile::part).toList();
    } finally {
      lock.unlock();
    }
  }

  /** Names of the files that are open. Under the lock. */
  Set<String> names() {
    Set<String> names = new HashSet<>();
    files.forEach(file -> names.add(file.name()));
    retired.forEach(file -> names.add(file.name()));
    return names;
  }

  /** What the merger should do next, or null. */
  @Nullable Work nextWork() {
    lock.lock();
    try {
      List<CellFile> inputs = new CellChoice(rules, files).next();
      return inputs.isEmpty() ? null : new Work(inputs, items(inputs));
    } finally {
      lock.unlock();
    }
  }

  private List<Item> items(List<CellFile> inputs) {
    Set<CellFile> set = new HashSet<>(inputs);
    List<CellFile> older = files.subList(0, files.indexOf(inputs.getFirst()));
    List<Item> items = new ArrayList<>();
    for (CellFile file : inputs) {
      for (Block block : file.blocks()) {
        Chain chain = series(block.metric, block.level).get(block.bucket);
        List<Block> blocks = chain == null ? List.of() : chain.blocks();
        int next = blocks.indexOf(block) + 1;
        // Once for each bucket: at the last of its blocks that are in the inputs.
        if (next > 0 && (next == blocks.size() || !set.contains(blocks.get(next).file))) {
          items.add(item(block.place(), blocks.subList(0, next), set, older));
        }
      }
    }
    items.sort(Comparator.comparing(Item::place));
    return items;
  }

  private static Item item(
      Place place, List<Block> from, Set<CellFile> inputs, List<CellFile> older) {
    int outside = 0;
    while (!inputs.contains(from.get(outside).file)) {
      outside++;
    }
    if (from.size() == 1 && from.getFirst().isGone()) {
      boolean dropped = older.stream().noneMatch(file -> file.speaksOf(place));
      return new Item(place, from, 0, true, dropped);
    }
    boolean whole = outside == 0 || isWorthFolding(from, outside);
    return new Item(place, from, whole ? 0 : outside, whole, false);
  }

  /** Whether so much came since the blocks in older files that they are better written anew. */
  private static boolean isWorthFolding(List<Block> from, int outside) {
    long before = 0;
    long after = 0;
    for (int i = 0; i < from.size(); i++) {
      if (from.get(i).file.isDamaged()) {
        return false;
      }
      if (i < outside) {
        before += from.get(i).bytes();
      } else {
        after += from.get(i).bytes();
      }
    }
    return from.size() - outside >= 4 || 2 * after >= before;
  }

  /**
   * Puts a file in the place of those it was made from.
   *
   * @param written for each item the blocks it became, in its order
   * @param merged null if there is nothing left
   */
  void replace(Work work, List<List<Block>> written, @Nullable CellFile merged) {
    List<CellFile> unused = new ArrayList<>();
    lock.lock();
    try {
      int at = files.indexOf(work.inputs().getFirst());
      files.removeAll(work.inputs());
      if (merged != null) {
        files.add(at, merged);
      }
      for (int i = 0; i < work.items().size(); i++) {
        replace(work.items().get(i), written.get(i));
      }
      for (CellFile file : work.inputs()) {
        (file.readers == 0 ? unused : retired).add(file);
      }
    } finally {
      lock.unlock();
    }
    close(unused);
  }

  /** Only if a commit has not put a whole block in their place meanwhile. */
  private void replace(Item item, List<Block> written) {
    Place place = item.place();
    NavigableMap<Long, Chain> series = series(place.metric(), place.level());
    Chain chain = series.get(place.bucket());
    List<Block> from = item.from();
    if (chain == null || chain.blocks().getFirst() != from.getFirst()) {
      return;
    }
    List<Block> blocks = new ArrayList<>(from.subList(0, item.kept()));
    blocks.addAll(written);
    blocks.addAll(chain.blocks().subList(from.size(), chain.blocks().size()));
    item.moved().forEach(CellCatalogue::dies);
    written.forEach(CellCatalogue::lives);
    if (blocks.isEmpty()) {
      series.remove(place.bucket());
    } else {
      series.put(place.bucket(), new Chain(chain.stamp(), blocks));
    }
  }

  /** Closes all files, those that are being read when that is over. */
  void close() {
    List<CellFile> unused = new ArrayList<>();
    lock.lock();
    try {
      for (CellFile file : files) {
        (file.readers == 0 ? unused : retired).add(file);
      }
      files.clear();
      buckets.clear();
    } finally {
      lock.unlock();
    }
    close(unused);
  }
}
