package dev.leat.engine;

import dev.leat.event.EventStore.Cut;
import dev.leat.event.EventStore.Intake;
import dev.leat.event.RowChunk;
import java.util.HashMap;
import java.util.Map;

/**
 * An intake whose rows nobody ever sees: for deciding on events without a trace, and for measuring
 * what deciding costs. For one thread.
 */
public final class DiscardingIntake implements Intake {
  private final Map<String, RowChunk> chunks = new HashMap<>();

  @Override
  public RowChunk chunk(String table, int shard) {
    RowChunk chunk = chunks.get(table);
    if (chunk == null || chunk.isFull()) {
      chunk = new RowChunk(shard, chunk == null ? RowChunk.Sizes.UNKNOWN : chunk.sizes());
      chunks.put(table, chunk);
    }
    return chunk;
  }

  @Override
  public void publish(long nextOffset) {
    throw new UnsupportedOperationException("nothing is shown");
  }

  @Override
  public Cut cut() {
    throw new UnsupportedOperationException("nothing is kept");
  }

  @Override
  public long uncommittedBytes() {
    return 0;
  }
}
