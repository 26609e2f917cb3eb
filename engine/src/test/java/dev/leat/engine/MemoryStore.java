package dev.leat.engine;

import dev.leat.event.DataSchema;
import dev.leat.event.EventStore;
import dev.leat.event.RowChunk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A store in memory: what was committed survives {@link #crash}, what was only published does not.
 */
final class MemoryStore implements EventStore {
  private final long[] committed;
  private final long[] published;
  private final List<MemorySink> sinks = new ArrayList<>();
  private final List<Long> rows = new ArrayList<>();
  private int failures;
  private int commits;
  private int failed;
  private boolean blocked;

  MemoryStore(int shards) {
    committed = new long[shards];
    published = new long[shards];
    for (int shard = 0; shard < shards; shard++) {
      sinks.add(new MemorySink(shard));
    }
  }

  /** The next commits fail. */
  synchronized void failCommits(int count) {
    failures = count;
  }

  /** Commits wait until they are let go. */
  synchronized void block(boolean block) {
    blocked = block;
    notifyAll();
  }

  synchronized int commits() {
    return commits;
  }

  /** Offsets of the committed rows, sorted. */
  synchronized List<Long> rows() {
    return rows.stream().sorted().toList();
  }

  synchronized void crash() {
    System.arraycopy(committed, 0, published, 0, committed.length);
    sinks.forEach(MemorySink::forget);
  }

  synchronized void awaitCommits(int count) throws InterruptedException {
    while (commits < count) {
      wait();
    }
  }

  synchronized void awaitFailures(int count) throws InterruptedException {
    while (failed < count) {
      wait();
    }
  }

  @Override
  public synchronized List<Long> committed() {
    return Arrays.stream(committed).boxed().toList();
  }

  @Override
  public DataSchema schema() {
    return new DataSchema();
  }

  @Override
  public Sink sink(int shard) {
    return sinks.get(shard);
  }

  @Override
  public synchronized Commit commit(List<Cut> cuts) throws InterruptedException {
    while (blocked) {
      wait();
    }
    if (failures > 0) {
      failures--;
      failed++;
      notifyAll();
      return new Commit.Failed("told to fail");
    }
    for (Cut cut : cuts) {
      for (RowChunk chunk : cut.chunks()) {
        for (int row = 0; row < chunk.view().rows(); row++) {
          rows.add(chunk.offset.get(row));
        }
      }
      committed[cut.shard()] = cut.nextOffset();
    }
    commits++;
    notifyAll();
    return new Commit.Done(commits, rows.size(), 0);
  }

  @Override
  public synchronized boolean awaitVisible(long nextOffset, Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (visibleOffset() < nextOffset) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  @Override
  public synchronized long visibleOffset() {
    return Arrays.stream(published).min().orElseThrow();
  }

  @Override
  public Answer query(Question question, Receiver receiver) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Status status() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}

  private final class MemorySink implements Sink {
    private final int shard;
    private List<RowChunk> chunks = new ArrayList<>();

    MemorySink(int shard) {
      this.shard = shard;
    }

    void forget() {
      chunks = new ArrayList<>();
    }

    @Override
    public RowChunk chunk() {
      if (chunks.isEmpty() || chunks.getLast().isFull()) {
        chunks.add(new RowChunk(shard));
      }
      return chunks.getLast();
    }

    @Override
    public void publish(long nextOffset) {
      chunks.forEach(RowChunk::publish);
      synchronized (MemoryStore.this) {
        published[shard] = nextOffset;
        MemoryStore.this.notifyAll();
      }
    }

    @Override
    public Cut cut() {
      List<RowChunk> cut = chunks;
      chunks = new ArrayList<>();
      synchronized (MemoryStore.this) {
        return new Cut(shard, cut, published[shard]);
      }
    }

    @Override
    public long uncommittedBytes() {
      return chunks.stream().mapToLong(RowChunk::payloadBytes).sum();
    }
  }
}
