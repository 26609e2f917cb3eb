package dev.leat.engine;

import dev.leat.event.Threads;
import dev.leat.pipeline.CellLayout;
import dev.leat.pipeline.Cells;
import dev.leat.pipeline.Level;
import dev.leat.pipeline.MetricPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Buckets that were read and decoded, those used last as far as they fit. A bucket that has changed
 * since is not found. Whoever gets one only reads it. Any thread.
 */
final class CellCache implements AutoCloseable {
  static final long DEFAULT_BYTES = 128L << 20;

  private final long maxBytes;

  // Guarded by this.
  private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  private record Key(long metric, Level level, long bucket) {}

  private record Entry(long stamp, Cells cells, long bytes) {}

  private final Lookups lookups;

  CellCache(long maxBytes, Threads threads) {
    this.maxBytes = maxBytes;
    this.lookups = new Lookups("leat-cells-lookup", threads);
  }

  /**
   * The bucket as it is with this stamp, decoded now if it is not here. The file is read by a
   * thread that nobody interrupts.
   */
  Cells get(
      MetricPlan metric,
      Level level,
      long bucket,
      long stamp,
      CellLayout layout,
      Supplier<byte[]> block) {
    Cells known = get(metric.id(), level, bucket, stamp);
    if (known != null) {
      return known;
    }
    Cells cells = Cells.decode(layout, read(block));
    put(metric.id(), level, bucket, stamp, cells);
    return cells;
  }

  private byte[] read(Supplier<byte[]> block) {
    try {
      return lookups.ask(block::get);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Ends the thread that reads. */
  @Override
  public void close() {
    lookups.close();
  }

  /** The bucket as it was with this stamp, or null. */
  synchronized @Nullable Cells get(long metric, Level level, long bucket, long stamp) {
    Entry entry = entries.get(new Key(metric, level, bucket));
    return entry != null && entry.stamp() == stamp ? entry.cells() : null;
  }

  /** Keeps a bucket, in the place of what it was before. */
  void put(long metric, Level level, long bucket, long stamp, Cells cells) {
    long size = cells.bytes();
    if (size > maxBytes / 4) {
      return; // One bucket should not drive out all others.
    }
    put(new Key(metric, level, bucket), new Entry(stamp, cells, size));
  }

  private synchronized void put(Key key, Entry entry) {
    Entry before = entries.put(key, entry);
    bytes += entry.bytes() - (before == null ? 0 : before.bytes());
    Iterator<Entry> oldest = entries.values().iterator();
    while (bytes > maxBytes) {
      bytes -= oldest.next().bytes();
      oldest.remove();
    }
  }

  /** Heap bytes held, roughly. */
  synchronized long bytes() {
    return bytes;
  }
}
