package dev.leat.engine;

import dev.leat.event.EventCursor;
import dev.leat.event.EventLayout;
import dev.leat.event.EventLog;
import dev.leat.event.EventStore;
import dev.leat.event.Threads;
import dev.leat.pipeline.Aggregates;
import dev.leat.pipeline.Memory;
import dev.leat.pipeline.MetricPlan;
import dev.leat.pipeline.Plan;
import dev.leat.pipeline.Processor;
import dev.leat.pipeline.Resent;
import dev.leat.pipeline.Verdict;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that decides: reads the log in its total order, gives each event to the processor
 * of the definition that is in force there, and after every batch shows the new rows. A batch is
 * what one fsync covered, so batches grow by themselves under load.
 *
 * <p>Between batches it looks at the {@link Checkpointer}, and does what others asked for with
 * {@link #ask}: nobody else may touch the pipeline's memory. The running metrics it shares with
 * whoever holds the lock of {@link LiveMetrics}, which it takes for each batch.
 */
final class Worker implements Runnable {
  private static final System.Logger LOG = System.getLogger(Worker.class.getName());
  private static final Duration PATIENCE = Duration.ofMillis(50);

  private final EventLog log;
  private final EventStore store;
  private final EventStore.Intake intake;
  private final StateStore memory;
  private final Aggregates aggregates;
  private final LiveMetrics live;
  private final Plans plans;
  private final byte[] fallback;
  private final int partitions;
  private final Checkpointer checkpointer;
  private final EngineCounts counts;
  private final Threads threads;
  private final EngineState state;
  private final EventCursor event = new EventCursor();
  private final Queue<Runnable> asked = new ConcurrentLinkedQueue<>();

  private long position;
  private @Nullable Processor processor;
  private ControlRecord.@Nullable Resend resend;
  private volatile @Nullable Active active;
  private volatile Published published;
  private volatile String refusal = "";
  private volatile boolean stopped;

  /** The plan in force and its version. */
  record Active(Plan plan, long version) {}

  /** What is known at the offset that was published last. */
  record Published(Ledger ledger, List<ReplayProgress> jobs, List<InForce> definitions) {}

  /**
   * @param aggregates the running metrics
   * @param live what guards them
   * @param state as of the store's last commit
   * @param fallback the definition to go by if the log has lost the record that names one
   */
  Worker(
      Engine.Rooms rooms,
      StateStore memory,
      Aggregates aggregates,
      LiveMetrics live,
      EngineState state,
      byte[] fallback,
      int partitions,
      Checkpointer checkpointer,
      EngineCounts counts) {
    this.log = rooms.log();
    this.store = rooms.store();
    this.plans = rooms.plans();
    this.intake = store.intake();
    this.memory = memory;
    this.aggregates = aggregates;
    this.live = live;
    this.state = state;
    this.fallback = fallback.clone();
    this.partitions = partitions;
    this.checkpointer = checkpointer;
    this.counts = counts;
    this.threads = rooms.threads();
    this.position = store.committed();
    this.published = snapshot();
  }

  /**
   * Runs until {@link #stop}, or until something fails that must not be passed over. Never
   * interrupt this thread: an interrupt would close the log's files under everybody else.
   */
  @Override
  public void run() {
    InForce definition = state.definition();
    if (definition != null) {
      Plan plan = plans.load(definition.definition());
      exclusively(() -> activate(definition, plan));
    }
    try (EventLog.Cursor cursor = log.read(position)) {
      while (!stopped) {
        EventLog.LoggedBatch batch = cursor.next(PATIENCE);
        if (batch != null) {
          long begun = threads.nanoTime();
          exclusively(() -> process(batch));
          counts.decided(batch.events().count(), threads.nanoTime() - begun);
          checkpointer.added(batch.events().length());
        }
        for (Runnable task = asked.poll(); task != null; task = asked.poll()) {
          task.run();
        }
        checkpointer.meet(this::checkpoint);
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException("the worker was interrupted", interrupted);
    }
  }

  /** Does something while nobody else looks at the running metrics. */
  private void exclusively(Runnable task) {
    live.begin();
    try {
      task.run();
    } finally {
      live.end(metrics(), position);
    }
  }

  private List<MetricPlan> metrics() {
    Active present = active;
    return present == null ? List.of() : present.plan().metrics();
  }

  /** Makes {@link #run} return soon. Any thread. */
  void stop() {
    stopped = true;
  }

  /** Has something done on this thread between two batches. Any thread. */
  void ask(Runnable task) {
    asked.add(task);
  }

  /** What was published last. Any thread. */
  Published published() {
    return published;
  }

  /** The plan in force; null before the first. Any thread. */
  @Nullable Active active() {
    return active;
  }

  /** The memory, for a task that was asked for with {@link #ask} and does not change it. */
  Memory memory() {
    return memory;
  }

  private void process(EventLog.LoggedBatch batch) {
    long offset = batch.firstOffset();
    if (offset > position) {
      state.lost(offset - position);
      LOG.log(
          Level.ERROR,
          "the log can''t give the events {0} to {1} any more; the balance shows them as lost",
          Long.toString(position),
          Long.toString(offset - 1));
    }
    event.reset(batch.events());
    counts.stages().begin(batch.events().count());
    while (event.next()) {
      if (offset >= position) {
        if (event.kind() == EventLayout.KIND_CONTROL) {
          aggregates.advance(event.receivedMicros()); // Events do so themselves.
          control(ControlRecord.read(event), offset);
        } else {
          decide(offset);
        }
      }
      offset++;
    }
    resend = null; // A record that says so is always followed by its event, in the same batch.
    position = batch.nextOffset();
    published = snapshot(); // First: whoever waited for the position finds what is known there.
    intake.publish(position);
  }

  private Published snapshot() {
    return new Published(state.ledger(position), state.jobs(), state.definitions());
  }

  private void decide(long offset) {
    ControlRecord.Resend again = resend;
    resend = null;
    memory.advance(event.receivedMicros());
    Processor present = processor();
    Resent resent = again == null ? null : new Resent(again.deadLetter(), again.attempt());
    Verdict verdict = present.process(event, offset, resent);
    state.count(present.stream(), verdict);
    if (verdict == Verdict.DEAD_LETTERED) {
      counts.deadLettered(present.failedStage(), present.failedReason());
    }
    if (again != null) {
      state.resent(again, verdict);
    }
  }

  private Processor processor() {
    Processor present = processor;
    if (present == null) {
      LOG.log(
          Level.ERROR,
          "the log does not say which definition its first events belong to; the present one decides");
      state.define(position, fallback);
      activate(Objects.requireNonNull(state.definition()), plans.load(fallback));
      present = Objects.requireNonNull(processor);
    }
    return present;
  }

  private void control(ControlRecord record, long offset) {
    state.control();
    switch (record) {
      case ControlRecord.Define define -> define(define.definition(), offset);
      case ControlRecord.BeginReplay begin -> state.begin(begin, offset);
      case ControlRecord.Resend next -> resend = next;
      case ControlRecord.EndReplay end -> state.end(end);
      case ControlRecord.Tick _ -> {} // That it came is what it says.
      case ControlRecord.Withdrawn _ -> {}
    }
  }

  /**
   * Puts a definition in force, unless the tables can't take what it yields: events that came
   * before the record may have shown a field it needs as something else. Then the one before stays,
   * which every replay of the log finds likewise.
   */
  private void define(byte[] definition, long offset) {
    InForce before = state.definition();
    if (before != null && Arrays.equals(before.definition(), definition)) {
      refusal = "";
      return;
    }
    Plan plan = plans.load(definition);
    if (before != null) {
      refusal = String.join("; ", plan.obstacles(store));
      if (!refusal.isEmpty()) {
        LOG.log(
            Level.ERROR,
            "a definition is recorded at {0}, but the tables can''t take it; version {1} stays in force: {2}",
            Long.toString(offset),
            Long.toString(before.version()),
            refusal);
        return;
      }
    }
    state.define(offset + 1, definition);
    activate(Objects.requireNonNull(state.definition()), plan);
  }

  /** Why the last definition that was recorded is not in force; empty if it is. Any thread. */
  String refusal() {
    return refusal;
  }

  private void activate(InForce definition, Plan plan) {
    plan.prepare(store);
    aggregates.use(plan.metrics(), store::schema);
    Processor next =
        plan.processor(store::schema, intake, memory, aggregates, partitions, definition.version());
    next.watchedBy(counts.stages());
    processor = next;
    active = new Active(plan, definition.version());
  }

  private Checkpoint checkpoint() {
    state.forgetBelow(log.firstOffset());
    live.begin();
    try {
      return new Checkpoint(intake.cut(), memory.cut(), aggregates.cut(), state.encode());
    } finally {
      live.end(metrics(), position);
    }
  }
}
