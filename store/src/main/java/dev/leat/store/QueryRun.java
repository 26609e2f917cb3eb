package dev.leat.store;

import dev.leat.event.EventStore.Answer;
import dev.leat.event.EventStore.ColumnInfo;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The hand-over between the thread that works on a statement and the one that asked for it, which
 * may be virtual and must not be held inside native code. The worker hands over messages, the asker
 * stops the work when it has lost interest.
 */
final class QueryRun {
  private static final int QUEUE_MESSAGES = 4;
  private static final long POLL_MILLIS = 20;

  /**
   * What a worker has to say, in this order: columns once, rows any number of times, the end once.
   */
  sealed interface Message {
    record Columns(List<ColumnInfo> columns) implements Message {}

    record Rows(List<@Nullable Object[]> rows) implements Message {}

    record End(Answer answer) implements Message {}
  }

  private final BlockingQueue<Message> messages = new ArrayBlockingQueue<>(QUEUE_MESSAGES);
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile boolean stopped;
  private volatile @Nullable Connection connection;
  private volatile @Nullable Statement executing;
  private @Nullable Thread awaiting; // guarded by this

  /** The next message, or null if there was none in time. Asker only. */
  @Nullable Message next(long nanos) throws InterruptedException {
    return messages.poll(nanos, TimeUnit.NANOSECONDS);
  }

  /** Hands a message over, waiting for room; false if nobody wants it any more. Worker only. */
  boolean tell(Message message) throws InterruptedException {
    while (!stopped) {
      if (messages.offer(message, POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        return true;
      }
    }
    return false;
  }

  boolean isStopped() {
    return stopped;
  }

  /** Names the connection that stopping closes. Worker only. */
  void uses(Connection opened) {
    connection = opened;
  }

  /** Names the statement that is about to execute, or none when it yields rows. Worker only. */
  void executes(@Nullable Statement statement) {
    executing = statement;
  }

  /**
   * Names the thread while it waits for what is not DuckDB's, so that stopping interrupts it; and
   * none when that is over. Worker only.
   */
  synchronized void awaits(@Nullable Thread waiting) {
    awaiting = waiting;
    if (waiting == null) {
      // One that came too late is nobody's.
      Thread.interrupted();
    }
  }

  private synchronized boolean interruptAwaiting() {
    Thread waiting = awaiting;
    if (waiting == null) {
      return false;
    }
    waiting.interrupt();
    return true;
  }

  /** The worker has left DuckDB. */
  void finish() {
    finished.countDown();
  }

  /** Ends the work soon, without waiting for it. */
  void stop() {
    stopped = true;
    if (finished.getCount() > 0) {
      Thread.ofPlatform().daemon().name("leat-query-stop").start(this::interrupt);
    }
  }

  /**
   * A statement can be cancelled while it executes, but not while it yields rows: then only closing
   * its connection interrupts it. A cancel that comes just before the execution is lost, hence
   * again and again.
   */
  private void interrupt() {
    try {
      while (!finished.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        if (interruptAwaiting()) {
          continue;
        }
        Statement statement = executing;
        Connection opened = connection;
        if (statement != null) {
          statement.cancel();
        } else if (opened != null) {
          opened.close();
        }
      }
    } catch (SQLException over) {
      // The statement ended on its own meanwhile, which is all that was wanted.
      stopped = true;
    } catch (InterruptedException nobodyDoesThat) {
      Thread.currentThread().interrupt();
    }
  }
}
