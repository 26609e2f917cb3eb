package dev.leat.trials;

import dev.leat.trials.TortureClient.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Producers that send what their books say until they are stopped. For one thread. */
final class TortureLoad {
  private static final long REFUSED_MILLIS = 50;

  private final TortureClient client;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicInteger full = new AtomicInteger();
  private final List<String> surprises = new ArrayList<>(); // guarded by itself
  private volatile boolean stopped;

  private TortureLoad(TortureClient client) {
    this.client = client;
  }

  static TortureLoad of(TortureClient client) {
    return new TortureLoad(client);
  }

  /** Lets all producers send at once. */
  void start(List<TortureBook> books) {
    for (TortureBook book : books) {
      threads.add(Thread.ofVirtual().start(() -> run(book)));
    }
  }

  private void run(TortureBook book) {
    try {
      while (!stopped) {
        if (!step(book)) {
          Thread.sleep(REFUSED_MILLIS);
        }
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends a batch; whether it was accepted. */
  private boolean step(TortureBook book) throws InterruptedException {
    try {
      int events = sendOne(book);
      accepted.addAndGet(events);
      return events > 0;
    } catch (IOException gone) {
      // The server was killed, or is paused for longer than we wait; the book remembers.
      return false;
    }
  }

  /** Sends a book's next batch; how many events were accepted. */
  int sendOne(TortureBook book) throws IOException, InterruptedException {
    TortureBatch batch = book.next(System.currentTimeMillis());
    byte[] body = batch.body();
    Reply reply = client.send(body);
    switch (reply.status()) {
      case 202 -> {
        book.answered(body.length);
        return batch.events();
      }
      // The log's own budget answers so too, while processing is behind.
      case 507 -> full.addAndGet(reply.body().contains("the disk ") ? 1 : 0);
      case 429, 503 -> {}
      default -> {
        synchronized (surprises) {
          surprises.add("status %d: %s".formatted(reply.status(), reply.body()));
        }
      }
    }
    return 0;
  }

  /** Events accepted so far, copies included. */
  long accepted() {
    return accepted.get();
  }

  /** How often the answer was that the disk is full. */
  int full() {
    return full.get();
  }

  /** Stops; after this the books are the caller's. Answers that no producer should get. */
  List<String> stop() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      thread.join();
    }
    synchronized (surprises) {
      return List.copyOf(surprises);
    }
  }
}
