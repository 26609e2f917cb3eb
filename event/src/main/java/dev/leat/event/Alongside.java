package dev.leat.event;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Something done on a thread of its own while whoever began it does something else. The one who
 * began it takes what came of it, or lets go of it; until then nobody else may see it.
 */
public final class Alongside<T> {
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final Threads threads;
  private final Thread thread;

  // Of the thread until it has ended, then of the one who began it.
  private @Nullable T result;
  private @Nullable Throwable failure;

  private boolean taken;

  /** Takes what is not wanted any more. */
  @FunctionalInterface
  public interface Closer<T> {
    void close(T unwanted) throws IOException;
  }

  private Alongside(Threads threads, String name, Callable<T> task) {
    this.threads = threads;
    this.thread = threads.unstarted(name, () -> run(task));
  }

  /** Begins it on a daemon thread of that name. */
  public static <T> Alongside<T> begin(Threads threads, String name, Callable<T> task) {
    Alongside<T> begun = new Alongside<>(threads, name, task);
    begun.thread.start();
    return begun;
  }

  private void run(Callable<T> task) {
    try {
      result = task.call();
    } catch (Throwable failed) { // Whoever takes the result gets it.
      failure = failed;
    }
  }

  /**
   * What came of it, waited for also when the caller is interrupted: what was opened may not be
   * left behind.
   *
   * @throws IOException if the task threw it, as with everything else it threw
   */
  public T take() throws IOException {
    awaitEnd();
    if (failure != null) {
      throw asThrown(failure);
    }
    T done = result;
    if (done == null) {
      throw new IllegalStateException(thread.getName() + " has nothing to be taken");
    }
    this.taken = true;
    return done;
  }

  private static IOException asThrown(Throwable failure) {
    return switch (failure) {
      case RuntimeException failed -> throw failed;
      case Error failed -> throw failed;
      case IOException failed -> failed;
      default -> new IOException(failure.getMessage(), failure);
    };
  }

  /** Waits for the end and closes what came of it, if it was not taken. */
  public void letGo(Closer<? super T> closer) throws IOException {
    awaitEnd();
    T unwanted = result;
    if (unwanted != null && !taken) {
      taken = true;
      closer.close(unwanted);
    }
  }

  private void awaitEnd() {
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = threads.join(thread, LOOK_EVERY);
      } catch (InterruptedException wait) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
