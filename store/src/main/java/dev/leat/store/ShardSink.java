package dev.leat.store;

import dev.leat.event.EventStore.Cut;
import dev.leat.event.EventStore.Sink;
import dev.leat.event.RowChunk;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One shard's rows on their way into the table. For the shard's thread, except where noted. */
final class ShardSink implements Sink {
  private final int shard;
  private final Table table;
  private final Visibility visibility;
  private final AtomicLong committedBytes = new AtomicLong();

  private final List<RowChunk> sinceCut = new ArrayList<>();
  private int firstUnpublished;
  private @Nullable RowChunk current;
  private RowChunk.Sizes sizes = RowChunk.Sizes.UNKNOWN; // of the last chunk that became full
  private long cutBytes;
  private long nextOffset;

  ShardSink(int shard, Table table, Visibility visibility, long nextOffset) {
    this.shard = shard;
    this.table = table;
    this.visibility = visibility;
    this.nextOffset = nextOffset;
  }

  @Override
  public RowChunk chunk() {
    RowChunk chunk = current;
    if (chunk == null || chunk.isFull()) {
      sizes = chunk == null ? sizes : chunk.sizes();
      chunk = new RowChunk(shard, sizes);
      table.add(chunk);
      sinceCut.add(chunk);
      current = chunk;
    }
    return chunk;
  }

  @Override
  public void publish(long next) {
    if (next < nextOffset) {
      throw new IllegalArgumentException(
          "shard %d published up to %d already, not %d".formatted(shard, nextOffset, next));
    }
    for (RowChunk chunk : sinceCut.subList(firstUnpublished, sinceCut.size())) {
      chunk.publish();
    }
    firstUnpublished = Math.max(0, sinceCut.size() - 1);
    nextOffset = next;
    visibility.publish(shard, next);
  }

  @Override
  public Cut cut() {
    for (RowChunk chunk : sinceCut) {
      if (chunk.view().rows() != chunk.rows()) {
        throw new IllegalStateException(
            "shard %d has rows that are not published, publish before cut".formatted(shard));
      }
    }
    Cut cut = new Cut(shard, sinceCut, nextOffset);
    cutBytes += bytes();
    sinceCut.clear();
    firstUnpublished = 0;
    current = null;
    return cut;
  }

  @Override
  public long uncommittedBytes() {
    return cutBytes + bytes() - committedBytes.get();
  }

  /** Says that a commit holds rows of this many log bytes. Any thread. */
  void committed(long bytes) {
    committedBytes.addAndGet(bytes);
  }

  private long bytes() {
    long bytes = 0;
    for (RowChunk chunk : sinceCut) {
      bytes += chunk.payloadBytes();
    }
    return bytes;
  }
}
