package dev.leat.log;

import dev.leat.event.EventBatch;
import dev.leat.event.EventLog.Append;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/** One batch on its way through the writer, and the thread that waits for its answer. */
final class PendingAppend {
  final EventBatch batch;
  private final CompletableFuture<Append> answer = new CompletableFuture<>();

  // Taken by the writer or withdrawn by the caller, whoever comes first: the caller may reuse its
  // bytes only while the
  // writer does not copy them.
  private final AtomicBoolean claimed = new AtomicBoolean();

  PendingAppend(EventBatch batch) {
    this.batch = batch;
  }

  /** Whether the caller still wants it. */
  boolean claim() {
    return claimed.compareAndSet(false, true);
  }

  void answer(Append append) {
    answer.complete(append);
  }

  boolean isAnswered() {
    return answer.isDone();
  }

  Append await() throws InterruptedException {
    try {
      return answer.get();
    } catch (InterruptedException interrupted) {
      if (claim()) {
        throw interrupted;
      }
      // The writer has it: a moment later the answer is known, which is worth more than "perhaps".
      Append known = answer.join();
      Thread.currentThread().interrupt();
      return known;
    } catch (ExecutionException impossible) {
      throw new IllegalStateException("an append is answered with a value", impossible);
    }
  }
}
