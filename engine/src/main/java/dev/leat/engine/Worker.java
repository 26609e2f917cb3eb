package dev.leat.engine;

import dev.leat.event.EventCursor;
import dev.leat.event.EventLog;
import dev.leat.event.EventStore;
import dev.leat.event.KeyHash;
import dev.leat.pipeline.Shard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thread that runs some of the shards: reads the log once, gives each of its shards the events
 * of its partition, and after every batch shows the new rows. A batch is what one fsync covered, so
 * batches grow by themselves under load.
 *
 * <p>Between batches it looks at the {@link Checkpointer}: hands over its rows when a commit wants
 * them, and pauses while too much is uncommitted.
 */
final class Worker implements Runnable {
  private static final Duration PATIENCE = Duration.ofMillis(50);

  private final EventLog log;
  private final Checkpointer checkpointer;
  private final EngineCounts counts;
  private final @Nullable Lane[] lanes;
  private final int partitions;
  private final EventCursor event = new EventCursor();
  private long position;
  private volatile boolean stopped;

  /** What a worker holds for one of its shards. */
  private record Lane(Shard shard, EventStore.Sink sink, long from) {}

  /** A worker for every {@code workers}-th partition, beginning with {@code index}. */
  Worker(
      int index,
      EngineOptions options,
      EventLog log,
      EventStore store,
      Checkpointer checkpointer,
      EngineCounts counts) {
    this.log = log;
    this.checkpointer = checkpointer;
    this.counts = counts;
    this.partitions = options.partitions();
    this.lanes = new Lane[partitions];
    this.position = Long.MAX_VALUE;
    for (int partition = index; partition < partitions; partition += options.workers()) {
      long from = store.committed().get(partition);
      lanes[partition] = new Lane(new Shard(store.schema()), store.sink(partition), from);
      position = Math.min(position, from);
    }
  }

  /**
   * Runs until {@link #stop}, or until something fails that must not be passed over. Never
   * interrupt this thread: an interrupt would close the log's files under everybody else.
   */
  @Override
  public void run() {
    long round = 0;
    try (EventLog.Cursor cursor = log.read(position)) {
      while (!stopped) {
        EventLog.LoggedBatch batch = cursor.next(PATIENCE);
        if (batch != null) {
          process(batch);
        }
        round = checkpointer.meet(round, this::cut);
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException("a worker was interrupted", interrupted);
    }
  }

  /** Makes {@link #run} return soon. Any thread. */
  void stop() {
    stopped = true;
  }

  private void process(EventLog.LoggedBatch batch) {
    long offset = batch.firstOffset();
    long bytes = 0;
    event.reset(batch.events());
    while (event.next()) {
      Lane lane = lanes[KeyHash.partition(event.keyHash(), partitions)];
      if (lane != null && offset >= lane.from()) {
        if (!lane.shard().process(event, offset, lane.sink().chunk())) {
          counts.unreadable();
        }
        bytes += event.recordLength();
      }
      offset++;
    }
    position = batch.nextOffset();
    for (Lane lane : lanes) {
      if (lane != null) {
        lane.sink().publish(Math.max(position, lane.from()));
      }
    }
    checkpointer.added(bytes);
  }

  private List<EventStore.Cut> cut() {
    List<EventStore.Cut> cuts = new ArrayList<>();
    for (Lane lane : lanes) {
      if (lane != null) {
        cuts.add(lane.sink().cut());
      }
    }
    return cuts;
  }
}
