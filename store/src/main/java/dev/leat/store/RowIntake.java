package dev.leat.store;

import dev.leat.event.EventStore.Cut;
import dev.leat.event.EventStore.Intake;
import dev.leat.event.EventStore.TableChunk;
import dev.leat.event.RowChunk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Rows on their way into the tables. For the writer's thread, except where noted. */
final class RowIntake implements Intake {
  /** Where the rows of one table and shard go. */
  private static final class Slot {
    private @Nullable RowChunk current;
    private RowChunk.Sizes sizes = RowChunk.Sizes.UNKNOWN; // of the last chunk that became full
  }

  private final int partitions;
  private final Definitions definitions;
  private final Tables tables;
  private final Visibility visibility;
  private final AtomicLong committedBytes = new AtomicLong();

  private final Map<String, Slot[]> slots = new HashMap<>();
  private final List<TableChunk> sinceCut = new ArrayList<>();
  private long cutBytes;
  private long nextOffset;
  private volatile boolean used;

  RowIntake(
      int partitions,
      Definitions definitions,
      Tables tables,
      Visibility visibility,
      long nextOffset) {
    this.partitions = partitions;
    this.definitions = definitions;
    this.tables = tables;
    this.visibility = visibility;
    this.nextOffset = nextOffset;
  }

  /** Whether anything was written or published. Any thread that knows of it. */
  boolean isUsed() {
    return used;
  }

  @Override
  public RowChunk chunk(String table, int shard) {
    used = true;
    if (shard < 0 || shard >= partitions) {
      throw new IllegalArgumentException(
          "there is no shard %d among %d".formatted(shard, partitions));
    }
    Slot[] shards = slots.get(table);
    if (shards == null) {
      shards = newSlots(table);
    }
    Slot slot = shards[shard];
    RowChunk chunk = slot.current;
    if (chunk == null || chunk.isFull()) {
      slot.sizes = chunk == null ? slot.sizes : chunk.sizes();
      chunk = new RowChunk(shard, slot.sizes);
      tables.add(table, chunk);
      sinceCut.add(new TableChunk(table, chunk));
      slot.current = chunk;
    }
    return chunk;
  }

  private Slot[] newSlots(String table) {
    definitions.get(table); // Or it throws.
    Slot[] shards = new Slot[partitions];
    Arrays.setAll(shards, _ -> new Slot());
    slots.put(table, shards);
    return shards;
  }

  @Override
  public void publish(long next) {
    used = true;
    if (next < nextOffset) {
      throw new IllegalArgumentException(
          "everything below %d is published already, %d lies before it"
              .formatted(nextOffset, next));
    }
    tables.publish(unpublished(), next);
    nextOffset = next;
    visibility.publish(next);
  }

  private List<RowChunk> unpublished() {
    return sinceCut.stream()
        .map(TableChunk::chunk)
        .filter(chunk -> chunk.view().rows() != chunk.rows())
        .toList();
  }

  @Override
  public Cut cut() {
    if (!unpublished().isEmpty()) {
      throw new IllegalStateException("there are rows that are not published, publish before cut");
    }
    Cut cut = new Cut(sinceCut, nextOffset, definitions.fields());
    cutBytes += bytes();
    sinceCut.clear();
    for (Slot[] shards : slots.values()) {
      for (Slot slot : shards) {
        slot.current = null;
      }
    }
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
    for (TableChunk chunk : sinceCut) {
      bytes += chunk.chunk().payloadBytes();
    }
    return bytes;
  }
}
