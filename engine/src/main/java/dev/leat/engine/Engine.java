package dev.leat.engine;

import dev.leat.event.Balance;
import dev.leat.event.Disk;
import dev.leat.event.EventLog;
import dev.leat.event.EventLog.Append;
import dev.leat.event.EventStore;
import dev.leat.event.KeyRule;
import dev.leat.event.Metrics;
import dev.leat.event.Processing;
import dev.leat.event.ProvidedTables;
import dev.leat.event.Receipt;
import dev.leat.event.Replay;
import dev.leat.event.SystemTable;
import dev.leat.event.Threads;
import dev.leat.pipeline.Aggregates;
import dev.leat.pipeline.DataPatch;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Carries events from the log into the store: one thread that decides, one that commits, one that
 * sends dead letters again, one that looks after the balance, one that lets time pass where nothing
 * comes. Any thread may call it.
 *
 * <p>After a start it continues where the last commit ended, so that an event whose row was lost
 * with the memory is processed again, and one whose row was committed is not. If deciding fails it
 * stops and says so: an event is never passed over to keep others going.
 */
public final class Engine implements Processing, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Engine.class.getName());
  private static final Duration JOIN = Duration.ofSeconds(30);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  /** A dry run decides on so many dead letters; what it says of the rest is how many there are. */
  private static final int MAX_DRY = 100_000;

  private static final int DRY_PAGE = 1_000;

  private final Rooms rooms;
  private final EngineOptions options;
  private final InstantSource clock;
  private final StateStore memory;
  private final CellStore cells;
  private final LiveMetrics live;
  private final EngineCounts counts;
  private final Reserve reserve;
  private final Checkpointer checkpointer;
  private final Worker worker;
  private final Ledger begun;
  private final Replayer replayer;
  private final BalanceSheet sheet;
  private final BalanceWatch watch;
  private final Ticker ticker;
  private final Recomputer recomputer;
  private final Upkeep upkeep;
  private final CellCache cellCache;
  private final MetricDesk desk;
  private final String missing;
  private final Receipts receipts;
  private final List<Thread> threads = new ArrayList<>();
  private volatile @Nullable Throwable failure;
  private volatile boolean stopped;

  /**
   * What an engine stands between, and where its own state goes.
   *
   * @param state how that is laid out
   */
  public record Rooms(
      EventLog log, EventStore store, Disk disk, Plans plans, StateOptions state, Threads threads) {
    /** With real threads. */
    public Rooms(EventLog log, EventStore store, Disk disk, Plans plans) {
      this(log, store, disk, plans, StateOptions.defaults(), Threads.real());
    }
  }

  private Engine(
      Rooms rooms,
      Restart.Restored restored,
      byte[] definition,
      EngineOptions options,
      InstantSource clock) {
    this.rooms = rooms;
    this.options = options;
    this.clock = clock;
    this.memory = restored.memory();
    this.cells = restored.cells();
    this.missing = restored.missing();
    Aggregates aggregates = restored.aggregates();
    EventLog log = rooms.log();
    EventStore store = rooms.store();
    Threads threads = rooms.threads();
    this.counts = new EngineCounts(threads);
    this.live = new LiveMetrics(aggregates, store.committed());
    this.reserve = new Reserve(rooms.disk(), options.reserveBytes(), threads);
    this.checkpointer =
        new Checkpointer(options, log, store, memory, cells, live, counts, reserve, threads);
    this.worker =
        new Worker(
            rooms,
            memory,
            aggregates,
            live,
            restored.state(),
            definition,
            options.partitions(),
            checkpointer,
            counts);
    this.begun = worker.published().ledger();
    this.replayer =
        new Replayer(log, store, clock, () -> worker.published().jobs(), this::keys, threads);
    this.sheet = new BalanceSheet(log, store, () -> worker.published().ledger());
    this.watch = new BalanceWatch(sheet, threads);
    this.ticker = new Ticker(options.tickEvery(), log, live, this::record, threads);
    this.receipts = new Receipts(log, store, memory);
    this.recomputer = new Recomputer(options.recomputeEvery(), live, cells, store, clock, threads);
    if (restored.recompute()) {
      recomputer.beginWithAll();
    }
    this.cellCache = new CellCache(CellCache.DEFAULT_BYTES, threads);
    RollUp rollUp = new RollUp(live, cells, store::schema, RollUp.DEFAULT_BUCKETS);
    this.upkeep = new Upkeep(rollUp, cells, threads);
    this.desk =
        new MetricDesk(
            live,
            cells,
            store::schema,
            cellCache,
            rollUp,
            recomputer::recompute,
            recomputer::verify,
            recomputer::detail);
  }

  /**
   * Starts processing where the store's last commit ended, or where {@link Restart} goes back to if
   * files of its state are damaged; it does so before anything else is done with the store. From
   * the end of the log on, events are decided on under the given definition.
   *
   * @param random for the secret key of a new data directory
   * @throws IOException if the state can't be read, or is of another version of Leat
   */
  public static Engine start(
      Rooms rooms,
      byte[] definition,
      EngineOptions options,
      InstantSource clock,
      RandomGenerator random)
      throws IOException, InterruptedException {
    Restart.Restored restored;
    try {
      restored = new Restart(rooms, random).restore();
    } catch (OtherFormatException newer) {
      throw new IOException(newer.getMessage(), newer);
    }
    SystemTable.defineIn(rooms.store());
    Engine engine = new Engine(rooms, restored, definition, options, clock);
    try {
      engine.record(new ControlRecord.Define(definition));
    } catch (IllegalStateException full) {
      LOG.log(
          Level.ERROR,
          "the definition can''t be recorded ({0}); the last one stays in force until Leat is started with room for it",
          full.getMessage());
    }
    engine.startThreads();
    return engine;
  }

  private void startThreads() {
    reserve.open();
    start("leat-reserve", reserve);
    start("leat-worker", worker);
    start("leat-checkpointer", checkpointer);
    start("leat-replay", replayer);
    start("leat-balance", watch);
    start("leat-ticker", ticker);
    start("leat-recompute", recomputer);
    start("leat-upkeep", upkeep);
  }

  private void start(String name, Runnable task) {
    Thread thread = rooms.threads().unstarted(name, task);
    thread.setUncaughtExceptionHandler(this::fail);
    threads.add(thread);
    thread.start();
  }

  private void fail(Thread thread, Throwable cause) {
    failure = cause;
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof StateDamagedException damaged) {
        SetAside.suspect(rooms.disk(), damaged);
      }
    }
    LOG.log(
        Level.ERROR,
        "%s stopped: events are still accepted but no longer reach the tables; restart Leat to go on from the last commit"
            .formatted(thread.getName()),
        cause);
    stopThreads();
  }

  /**
   * Puts another definition in force, for events that come from now on; returns when it is.
   *
   * @return its version
   * @throws IllegalStateException if the log or the engine can't take it now; the message says why
   */
  public long define(byte[] definition) throws InterruptedException {
    long next = record(new ControlRecord.Define(definition));
    if (!rooms.store().awaitVisible(next, ANSWER)) {
      throw new IllegalStateException(
          "the definition is recorded, but processing has not reached it in %d s"
              .formatted(ANSWER.toSeconds()));
    }
    String refusal = worker.refusal();
    if (!refusal.isEmpty()) {
      throw new IllegalStateException("the tables can't take it: " + refusal);
    }
    return definitionVersion();
  }

  /** The version of the definition in force; 0 before the first. */
  public long definitionVersion() {
    Worker.Active active = worker.active();
    return active == null ? 0 : active.version();
  }

  /**
   * Every definition that the log may still need for a replay, the oldest first: which one decided
   * on the event at a position is the last that begins at it or before.
   */
  public List<InForce> definitions() {
    return worker.published().definitions();
  }

  /** What there is to ask about metrics. */
  public Metrics metrics() {
    return desk;
  }

  /** The results of metrics as tables. */
  public ProvidedTables metricTables() {
    return desk;
  }

  private KeyRule keys() {
    Worker.Active active = worker.active();
    return active == null ? KeyRule.NONE : active.plan().keys();
  }

  /** Appends the record; returns the offset after it. */
  private long record(ControlRecord record) throws InterruptedException {
    return switch (rooms.log().append(record.batch(nowMicros()))) {
      case Append.Kept kept -> kept.lastOffset() + 1;
      case Append.Overloaded _ -> throw new IllegalStateException("the log is too busy");
      case Append.Full full -> throw new IllegalStateException(full.reason());
      case Append.Closed closed -> throw new IllegalStateException(closed.reason());
      case Append.TooLarge large ->
          throw new IllegalStateException(
              "%d bytes are more than the log takes at once".formatted(large.bytes()));
    };
  }

  /**
   * Processes and commits everything that is in the log by now; false if that did not succeed in
   * time.
   */
  public boolean drain(Duration patience) throws InterruptedException {
    return rooms.store().awaitVisible(rooms.log().nextOffset(), patience)
        && checkpointer.commitNow(patience);
  }

  public EngineStatus status() {
    long processed = rooms.store().visibleOffset();
    Throwable cause = failure;
    String commitFailure = checkpointer.failure();
    String detail =
        cause == null ? commitFailure : "processing failed: %s; restart Leat".formatted(cause);
    String refusal = worker.refusal();
    if (detail.isEmpty() && !refusal.isEmpty()) {
      detail = "the last definition is not in force, the tables can't take it: " + refusal;
    }
    if (!missing.isEmpty()) {
      detail = detail.isEmpty() ? missing : detail + "; " + missing;
    }
    return new EngineStatus(
        cause == null && !stopped,
        detail,
        processed,
        Math.max(0, rooms.log().nextOffset() - processed),
        counts.commits(),
        counts.failedCommits(),
        definitionVersion(),
        watch.gap(),
        commitFailure);
  }

  /** What it has done since it was started. */
  public EngineMeasures measures() {
    return counts.measures(
        worker.published().ledger().since(begun), checkpointer.uncommittedBytes());
  }

  /**
   * Why no event should be accepted now, although the log may have room: the disk would have none
   * for what becomes of it. Empty if there is room; changes by itself.
   */
  public String shortage() {
    return reserve.refusal();
  }

  /** The running metrics, and the lock that guards them. */
  LiveMetrics live() {
    return live;
  }

  /** The committed results of metrics. */
  CellStore cells() {
    return cells;
  }

  @Override
  public Balance balance() {
    return sheet.draw();
  }

  @Override
  public Receipt receipt(String source, String id) throws InterruptedException {
    return receipts.find(source, id, worker.published().ledger().streams().keySet());
  }

  @Override
  public Replay.Answer replay(Replay.Request request) throws InterruptedException {
    String patch = request.patch();
    DataPatch repair = null;
    if (patch != null) {
      switch (DataPatch.compile(patch)) {
        case DataPatch.Ready ready -> repair = ready.patch();
        case DataPatch.Wrong wrong -> {
          return new Replay.Answer.Refused(
              "the patch is no expression: " + wrong.problems().getFirst());
        }
      }
    }
    try {
      long end = rooms.store().visibleOffset();
      DeadLetters letters = new DeadLetters(new Tables(rooms.store()));
      long matched = Math.min(request.limit(), letters.count(request.filter(), end));
      return request.dryRun()
          ? dryRun(request, repair, letters, matched, end)
          : begin(request, matched);
    } catch (Tables.TablesException | IllegalStateException cantNow) {
      return new Replay.Answer.Refused(String.valueOf(cantNow.getMessage()));
    }
  }

  private synchronized Replay.Answer begin(Replay.Request request, long matched)
      throws InterruptedException {
    ReplayProgress running = replayer.running();
    return running == null
        ? new Replay.Answer.Started(replayer.begin(request, matched))
        : new Replay.Answer.Busy(running.job());
  }

  private Replay.Answer dryRun(
      Replay.Request request,
      @Nullable DataPatch repair,
      DeadLetters letters,
      long matched,
      long end)
      throws InterruptedException {
    Worker.Active active = worker.active();
    if (active == null) {
      return new Replay.Answer.Refused("no definition is in force yet");
    }
    DryRun run =
        onWorker(
            () ->
                new DryRun(
                    active.plan(),
                    active.version(),
                    rooms.store(),
                    worker.memory(),
                    options.partitions(),
                    repair,
                    rooms.log().nextOffset(),
                    nowMicros()));
    long after = -1;
    long left = Math.min(request.limit(), MAX_DRY);
    while (left > 0) {
      List<DeadLetter> page =
          letters.next(request.filter(), after, end, (int) Math.min(left, DRY_PAGE));
      if (page.isEmpty()) {
        break;
      }
      onWorker(
          () -> {
            run.decide(page);
            return true;
          });
      after = page.getLast().offset();
      left -= page.size();
    }
    return new Replay.Answer.Dry(matched, run.outcomes());
  }

  /** Does something on the worker's thread, between two batches. */
  private <T> T onWorker(java.util.function.Supplier<T> task) throws InterruptedException {
    CompletableFuture<T> result = new CompletableFuture<>();
    worker.ask(
        () -> {
          try {
            result.complete(task.get());
          } catch (RuntimeException failed) {
            result.completeExceptionally(failed);
          }
        });
    try {
      return result.get(ANSWER.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new IllegalStateException("processing does not answer", late);
    } catch (ExecutionException failed) {
      throw new IllegalStateException(String.valueOf(failed.getCause()), failed);
    }
  }

  @Override
  public List<Replay.Job> replays() {
    List<Replay.Job> jobs = new ArrayList<>();
    for (ReplayProgress job : worker.published().jobs()) {
      jobs.add(job.job());
    }
    Collections.reverse(jobs);
    return jobs;
  }

  @Override
  public boolean stopReplay(long job) {
    return replayer.stop(job);
  }

  private long nowMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
  }

  /** Stops without a commit: what was not committed will be processed again at the next start. */
  @Override
  public void close() {
    stopThreads();
    cellCache.close();
    boolean interrupted = false;
    for (Thread thread : threads) {
      try {
        if (!rooms.threads().join(thread, JOIN)) {
          LOG.log(Level.WARNING, "{0} does not stop", thread.getName());
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    cells.close();
    memory.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void stopThreads() {
    stopped = true;
    worker.stop();
    checkpointer.stop();
    replayer.stop();
    watch.stop();
    ticker.stop();
    recomputer.stop();
    upkeep.stop();
    reserve.stop();
  }
}
