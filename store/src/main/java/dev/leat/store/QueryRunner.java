package dev.leat.store;

import dev.leat.event.EventStore.Answer;
import dev.leat.event.EventStore.Question;
import dev.leat.event.EventStore.Reason;
import dev.leat.event.EventStore.Receiver;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets a bounded number of statements run at a time, each for a bounded time, on platform threads
 * of its own: inside DuckDB a thread is in native code, where a virtual one would hold the carrier
 * that ingest needs.
 */
final class QueryRunner implements AutoCloseable {
  /** How often a statement that says nothing is looked at. */
  private static final long WATCH_NANOS = 20_000_000;

  /**
   * The process may grow by this many times what DuckDB is to use, until a statement is taken for
   * the cause.
   */
  private static final int UNCOUNTED_FACTOR = 2;

  private final QueryWorker worker;
  private final StoreOptions options;
  private final Semaphore turns;
  private final ExecutorService threads;
  private final Set<QueryRun> running = ConcurrentHashMap.newKeySet();

  QueryRunner(QueryWorker worker, StoreOptions options) {
    this.worker = worker;
    this.options = options;
    this.turns = new Semaphore(options.concurrentQueries(), true);
    this.threads =
        Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("leat-query-", 0).factory());
  }

  Answer run(Question question, Receiver receiver) throws InterruptedException {
    if (question.maxRows() < 0 || question.timeLimit().isNegative()) {
      return new Answer.Refused(Reason.INVALID, "the row limit or the time limit is negative");
    }
    long start = System.nanoTime();
    long limitNanos = question.timeLimit().toNanos();
    long waitNanos = Math.min(options.queueWait().toNanos(), limitNanos);
    if (!turns.tryAcquire(waitNanos, TimeUnit.NANOSECONDS)) {
      return new Answer.Refused(
          Reason.BUSY,
          "%d statements are running already, try again in a moment"
              .formatted(options.concurrentQueries()));
    }
    QueryRun run = new QueryRun();
    try {
      threads.execute(() -> work(question, run));
    } catch (RejectedExecutionException closed) {
      turns.release();
      return new Answer.Refused(Reason.FAILED, "the store is closed");
    }
    boolean ended = false;
    try {
      Answer answer = relay(run, receiver, start + limitNanos, question);
      ended = !run.isStopped();
      return answer;
    } finally {
      if (!ended) {
        run.stop();
      }
    }
  }

  /** Passes rows on until the statement ends, or stops it when it takes too long or too much. */
  private Answer relay(QueryRun run, Receiver receiver, long deadline, Question question)
      throws InterruptedException {
    long memoryLimit = NativeMemory.bytes() + UNCOUNTED_FACTOR * options.queryMemoryBytes();
    while (true) {
      long left = deadline - System.nanoTime();
      QueryRun.Message message = run.next(Math.clamp(left, 0, WATCH_NANOS));
      switch (message) {
        case null -> {
          if (left <= 0) {
            run.stop();
            return new Answer.Refused(
                Reason.TIMEOUT, "the statement did not end within " + question.timeLimit());
          }
          if (NativeMemory.bytes() > memoryLimit) {
            run.stop();
            return new Answer.Refused(Reason.MEMORY, SqlErrors.OUT_OF_MEMORY);
          }
        }
        case QueryRun.Message.Columns columns -> receiver.columns(columns.columns());
        case QueryRun.Message.Rows rows -> rows.rows().forEach(receiver::row);
        case QueryRun.Message.End end -> {
          return end.answer();
        }
      }
    }
  }

  /** Waits until no statement runs; false if one still does. */
  boolean awaitIdle(Duration patience) throws InterruptedException {
    boolean idle =
        turns.tryAcquire(options.concurrentQueries(), patience.toNanos(), TimeUnit.NANOSECONDS);
    if (idle) {
      turns.release(options.concurrentQueries());
    }
    return idle;
  }

  private void work(Question question, QueryRun run) {
    Answer answer = new Answer.Refused(Reason.FAILED, "the store could not run the statement");
    running.add(run);
    try {
      answer = worker.answer(question, run);
    } catch (InterruptedException closing) {
      answer = new Answer.Refused(Reason.FAILED, "the store is closed");
    } finally {
      running.remove(run);
      turns.release();
      run.finish();
      tell(run, answer);
    }
  }

  private static void tell(QueryRun run, Answer answer) {
    try {
      run.tell(new QueryRun.Message.End(answer));
    } catch (InterruptedException closing) {
      // The asker waits no longer than its time limit.
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    threads.shutdown();
    running.forEach(QueryRun::stop);
  }
}
