package dev.leat.engine;

import dev.leat.event.Threads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Lets threads that are not the state's own look something up in it. Their questions are answered
 * by one thread, one after the other: an interrupt of a thread that reads would close the file
 * under everybody, and nobody interrupts this one.
 */
final class Lookups implements AutoCloseable {
  private final ExecutorService thread;
  private volatile @Nullable Thread worker; // Once something was asked.

  /** Answers on a thread of this name. */
  Lookups(String name, Threads threads) {
    thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread fresh = threads.unstarted(name, task);
              worker = fresh;
              return fresh;
            });
  }

  /** Any thread; an interrupt waits until there is an answer. */
  <T> T ask(Callable<T> question) throws IOException {
    Future<T> answer = thread.submit(question);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return answer.get();
        } catch (InterruptedException later) {
          interrupted = true;
        }
      }
    } catch (ExecutionException failed) {
      switch (failed.getCause()) {
        case IOException io ->
            throw new IOException("cannot read the state: " + io.getMessage(), io);
        case StateDamagedException damaged -> throw damaged;
        case UncheckedIOException io -> throw io;
        case null, default -> throw new IllegalStateException("a lookup failed", failed);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Answers what was asked before, then ends; an interrupt waits until it has. */
  @Override
  public void close() {
    thread.shutdown();
    Thread answering = worker;
    boolean interrupted = false;
    while (answering != null && answering.isAlive()) {
      try {
        // Not the pool's own wait: that has a limit, in real time also where time is simulated.
        answering.join();
      } catch (InterruptedException later) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
