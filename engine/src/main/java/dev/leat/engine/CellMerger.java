package dev.leat.engine;

import dev.leat.engine.CellCatalogue.Item;
import dev.leat.engine.CellCatalogue.Work;
import dev.leat.engine.CellFile.Block;
import dev.leat.event.Threads;
import dev.leat.pipeline.CellBlock;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Makes one file of cells out of several, in a thread of its own. That changes no answer, only
 * where it is found, and is part of the commits from the next manifest on. After a failure it goes
 * on after the next commit; files with damaged blocks it leaves alone.
 */
final class CellMerger implements Runnable {
  private static final System.Logger LOG = System.getLogger(CellMerger.class.getName());
  private static final Duration JOIN = Duration.ofSeconds(30);

  private final CellCatalogue catalogue;
  private final StateFiles files;
  private Threads threads = Threads.real();
  private @Nullable Thread thread;
  private volatile boolean stopped;

  CellMerger(CellCatalogue catalogue, StateFiles files) {
    this.catalogue = catalogue;
    this.files = files;
  }

  void start(Threads threads) {
    this.threads = threads;
    thread = threads.start("leat-cells-merger", this);
  }

  /** True if its thread is gone, or never was. */
  boolean stop() throws InterruptedException {
    stopped = true;
    catalogue.lock.lock();
    try {
      catalogue.changed.signalAll();
    } finally {
      catalogue.lock.unlock();
    }
    return thread == null || threads.join(thread, JOIN);
  }

  @Override
  public void run() {
    try {
      while (!stopped) {
        long seen = catalogue.shown();
        workOff();
        awaitNext(seen);
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException("the merger was interrupted", interrupted);
    }
  }

  private void workOff() {
    try {
      while (!stopped && step()) {
        // One more.
      }
    } catch (CancellationException cancelled) {
      LOG.log(Level.DEBUG, "a merge was given up", cancelled);
    } catch (IOException | RuntimeException failed) {
      LOG.log(
          Level.ERROR, "merging the results of metrics failed; tries again after a commit", failed);
    }
  }

  /** Waits for a commit. */
  private void awaitNext(long seen) throws InterruptedException {
    catalogue.lock.lockInterruptibly();
    try {
      while (!stopped && catalogue.shown() == seen) {
        catalogue.changed.await();
      }
    } finally {
      catalogue.lock.unlock();
    }
  }

  /** Does one piece of work; false if there is none. */
  boolean step() throws IOException {
    Work work = catalogue.nextWork();
    if (work == null) {
      return false;
    }
    if (work.items().stream().allMatch(Item::dropped)) {
      catalogue.replace(work, work.items().stream().map(_ -> List.<Block>of()).toList(), null);
      return true;
    }
    long number = files.nextNumber();
    CellFile merged = null;
    try (CellFileWriter out = new CellFileWriter(files.disk(), number)) {
      for (Item item : work.items()) {
        write(item, out);
      }
      merged = out.finish();
      files.forceNames();
      install(work, merged);
      return true;
    } catch (IOException | RuntimeException failed) {
      if (merged != null) {
        merged.close();
      }
      files.discard(StateFiles.cellsName(number));
      throw failed;
    }
  }

  private void write(Item item, CellFileWriter out) throws IOException {
    if (stopped) {
      throw new CancellationException("the results of metrics are being closed");
    }
    if (item.dropped()) {
      return;
    }
    if (item.whole()) {
      out.add(item.place(), true, content(item.from()));
      return;
    }
    for (Block block : item.moved()) {
      out.add(item.place(), block.whole, block.read());
    }
  }

  /** What the blocks of a bucket say together; empty if it is gone. */
  static byte[] content(List<Block> blocks) throws IOException {
    Block first = blocks.getFirst();
    if (blocks.size() == 1 && first.whole) {
      return first.isGone() ? new byte[0] : first.read();
    }
    List<byte[]> oldestFirst = new ArrayList<>();
    for (Block block : blocks) {
      if (!block.isGone()) {
        oldestFirst.add(block.read());
      }
    }
    return CellBlock.overlay(oldestFirst);
  }

  private void install(Work work, CellFile merged) {
    Map<CellFile.Place, List<Block>> made = new HashMap<>();
    for (Block block : merged.blocks()) {
      made.computeIfAbsent(block.place(), _ -> new ArrayList<>()).add(block);
    }
    List<List<Block>> written = new ArrayList<>();
    for (Item item : work.items()) {
      written.add(made.getOrDefault(item.place(), List.of()));
    }
    catalogue.lock.lock();
    try {
      // Under the lock, so that nobody finds the file without a use in between.
      files.written(merged.name());
      catalogue.replace(work, written, merged);
    } finally {
      catalogue.lock.unlock();
    }
  }
}
