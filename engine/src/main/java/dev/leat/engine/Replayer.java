package dev.leat.engine;

import dev.leat.event.EventBatch;
import dev.leat.event.EventDraft;
import dev.leat.event.EventLog;
import dev.leat.event.EventLog.Append;
import dev.leat.event.EventStore;
import dev.leat.event.KeyRule;
import dev.leat.event.Replay;
import dev.leat.event.Replay.State;
import dev.leat.event.Threads;
import dev.leat.pipeline.DataPatch;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends dead letters again, one job at a time, on a thread of its own: through the log, like any
 * event, each preceded by a record that says which dead letter it was. What the log says of a job
 * is its progress, so that after a crash it goes on where it was.
 *
 * <p>A job only sends dead letters older than itself: one that fails again is a new dead letter,
 * and waits for another job.
 */
final class Replayer implements Runnable {
  private static final System.Logger LOG = System.getLogger(Replayer.class.getName());
  private static final int PAGE = 500;
  private static final int BATCH_BYTES = 1 << 20;
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** So often a wait for the tables looks whether it still makes sense: they may have stopped. */
  private static final Duration STOP_CHECK = Duration.ofMillis(50);

  private final EventLog log;
  private final EventStore store;
  private final DeadLetters letters;
  private final InstantSource clock;
  private final Supplier<List<ReplayProgress>> jobs;
  private final Supplier<KeyRule> keys;
  private final Threads threads;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean stopped; // guarded by lock
  private boolean woken; // guarded by lock
  private long stopJob = -1; // guarded by lock
  private long failedJob = -1; // guarded by lock: could not be ended in the log either

  /**
   * @param jobs what the log says of jobs, up to the offset that was published last
   */
  Replayer(
      EventLog log,
      EventStore store,
      InstantSource clock,
      Supplier<List<ReplayProgress>> jobs,
      Supplier<KeyRule> keys,
      Threads threads) {
    this.log = log;
    this.store = store;
    this.letters = new DeadLetters(new Tables(store));
    this.clock = clock;
    this.jobs = jobs;
    this.keys = keys;
    this.threads = threads;
  }

  /** Records that a job begins, and returns it. */
  Replay.Job begin(Replay.Request request, long matched) throws InterruptedException {
    long id = jobs.get().stream().mapToLong(ReplayProgress::id).max().orElse(0) + 1;
    appendAndAwait(new ControlRecord.BeginReplay(id, request, matched));
    wake();
    return find(id).job();
  }

  /** The job that runs, if one does. */
  @Nullable ReplayProgress running() {
    return jobs.get().stream().filter(job -> job.state() == State.RUNNING).findFirst().orElse(null);
  }

  /** Ends the job soon; false if it does not run. */
  boolean stop(long job) {
    ReplayProgress running = running();
    if (running == null || running.id() != job) {
      return false;
    }
    lock.lock();
    try {
      stopJob = job;
      woken = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    return true;
  }

  /** Ends the thread; a job that runs goes on at the next start. */
  void stop() {
    lock.lock();
    try {
      stopped = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void run() {
    try {
      // Whatever the log holds has to be known first: it may hold what a job sent before a crash.
      while (!isStopped() && !store.awaitVisible(log.nextOffset(), STOP_CHECK)) {
        // The wait is the work.
      }
      while (!isStopped()) {
        ReplayProgress job = running();
        if (job == null || job.id() == failedJob()) {
          sleep(LOOK_AGAIN);
        } else {
          work(job);
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void work(ReplayProgress job) throws InterruptedException {
    State end;
    String detail;
    try {
      detail = send(job);
      end = isStopped(job.id()) ? State.STOPPED : State.DONE;
    } catch (RuntimeException failed) {
      if (isStopped()) {
        return; // Not the job failed; it goes on at the next start.
      }
      LOG.log(Level.WARNING, "replay %d failed".formatted(job.id()), failed);
      end = State.FAILED;
      detail = String.valueOf(failed.getMessage());
    }
    if (isStopped() && !isStopped(job.id())) {
      return; // Leat is stopping, not the job.
    }
    try {
      appendAndAwait(new ControlRecord.EndReplay(job.id(), end, detail));
    } catch (IllegalStateException notWritten) {
      if (isStopped()) {
        return; // If it was written it counts at the next start; if not, it will be.
      }
      LOG.log(
          Level.ERROR, "the end of replay %d can't be recorded".formatted(job.id()), notWritten);
      setFailedJob(job.id());
    }
  }

  /** Sends what is left of the job; in words what was not sent. */
  private String send(ReplayProgress job) throws InterruptedException {
    Replay.Request request = job.request();
    String patch = request.patch();
    DataPatch repair = patch == null ? null : compile(patch);
    long after = job.lastDeadLetter();
    long left = request.limit() - job.sent();
    long unpatched = 0;
    String firstReason = "";
    Pace pace = new Pace(request.perSecond());
    Outgoing outgoing = new Outgoing(job.id(), repair);
    while (left > 0 && !isStopped() && !isStopped(job.id())) {
      int limit = (int) Math.min(Math.min(left, PAGE), pace.most());
      List<DeadLetter> page = letters.next(request.filter(), after, job.began(), limit);
      if (page.isEmpty()) {
        break;
      }
      int next = 0;
      while (next < page.size()) {
        next = outgoing.fill(page, next);
        if (outgoing.events() > 0) {
          awaitVisible(append(outgoing.batch()));
        }
        left -= outgoing.events();
        unpatched += outgoing.unpatched();
        firstReason = firstReason.isEmpty() ? outgoing.reason() : firstReason;
      }
      after = page.getLast().offset();
      sleep(pace.pause(page.size()));
    }
    return unpatched == 0
        ? ""
        : "%d stay dead letters, the patch can't be applied to them: %s"
            .formatted(unpatched, firstReason);
  }

  private static DataPatch compile(String patch) {
    return switch (DataPatch.compile(patch)) {
      case DataPatch.Ready ready -> ready.patch();
      case DataPatch.Wrong wrong ->
          throw new IllegalStateException(
              "the patch is no expression: " + wrong.problems().getFirst());
    };
  }

  /** Dead letters on their way into one batch. */
  private final class Outgoing {
    private final long job;
    private final Repair repair;
    private final EventDraft mark = new EventDraft();
    private final EventDraft draft = new EventDraft();
    private final EventBatch.Writer writer = new EventBatch.Writer(BATCH_BYTES);
    private int events;
    private int unpatched;
    private String reason = "";

    Outgoing(long job, @Nullable DataPatch patch) {
      this.job = job;
      this.repair = new Repair(patch);
    }

    /** Takes letters from an index on until the batch is full; returns the index after them. */
    int fill(List<DeadLetter> page, int from) {
      writer.clear();
      events = 0;
      unpatched = 0;
      reason = "";
      int next = from;
      KeyRule rule = keys.get();
      while (next < page.size() && writer.length() < BATCH_BYTES) {
        add(page.get(next++), rule);
      }
      return next;
    }

    private void add(DeadLetter letter, KeyRule rule) {
      long now = micros(clock.instant());
      String wrong = repair.write(letter, draft, rule, now);
      if (wrong != null) {
        unpatched++;
        reason = reason.isEmpty() ? wrong : reason;
        return;
      }
      new ControlRecord.Resend(job, letter.offset(), letter.attempt() + 1, letter.stream())
          .write(mark, now);
      writer.add(mark);
      writer.add(draft);
      events++;
    }

    EventBatch batch() {
      return writer.batch();
    }

    int events() {
      return events;
    }

    int unpatched() {
      return unpatched;
    }

    String reason() {
      return reason;
    }
  }

  private void appendAndAwait(ControlRecord record) throws InterruptedException {
    awaitVisible(append(record.batch(micros(clock.instant()))));
  }

  /** Appends the batch, as often as the log is too busy; returns the offset after it. */
  private long append(EventBatch batch) throws InterruptedException {
    while (true) {
      switch (log.append(batch)) {
        case Append.Kept kept -> {
          return kept.lastOffset() + 1;
        }
        case Append.Overloaded overloaded -> sleep(overloaded.retryAfter());
        case Append.Full full -> throw new IllegalStateException(full.reason());
        case Append.Closed closed -> throw new IllegalStateException(closed.reason());
        case Append.TooLarge large ->
            throw new IllegalStateException(
                "%d bytes are more than the log takes at once".formatted(large.bytes()));
      }
    }
  }

  private void awaitVisible(long offset) throws InterruptedException {
    long begun = threads.nanoTime();
    while (!store.awaitVisible(offset, STOP_CHECK)) {
      if (isStopped()) {
        throw new IllegalStateException("Leat is stopping");
      }
      if (threads.nanoTime() - begun > PATIENCE.toNanos()) {
        throw new IllegalStateException(
            "the tables did not reach %d within %d s".formatted(offset, PATIENCE.toSeconds()));
      }
    }
  }

  private ReplayProgress find(long id) {
    return jobs.get().stream()
        .filter(job -> job.id() == id)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("replay %d was not recorded".formatted(id)));
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  private void wake() {
    lock.lock();
    try {
      woken = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void sleep(Duration time) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long nanos = time.toNanos();
      while (!stopped && !woken && nanos > 0) {
        nanos = threads.await(lock, changed, nanos);
      }
      woken = false;
    } finally {
      lock.unlock();
    }
  }

  private boolean isStopped() {
    lock.lock();
    try {
      return stopped;
    } finally {
      lock.unlock();
    }
  }

  private boolean isStopped(long job) {
    lock.lock();
    try {
      return stopJob == job;
    } finally {
      lock.unlock();
    }
  }

  private long failedJob() {
    lock.lock();
    try {
      return failedJob;
    } finally {
      lock.unlock();
    }
  }

  private void setFailedJob(long job) {
    lock.lock();
    try {
      failedJob = job;
    } finally {
      lock.unlock();
    }
  }

  /** Spreads events over time: so many per second, in pages of a tenth of a second at most. */
  private record Pace(int perSecond) {
    int most() {
      return perSecond == 0 ? PAGE : Math.max(1, perSecond / 10);
    }

    Duration pause(int sent) {
      return perSecond == 0 ? Duration.ZERO : Duration.ofNanos(1_000_000_000L * sent / perSecond);
    }
  }
}
