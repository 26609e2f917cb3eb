package dev.leat.server;

import com.github.luben.zstd.Zstd;
import dev.leat.server.LeatClient.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Sends batches, several at a time, and keeps trying while the server is away or overloaded. One
 * thread takes batches and submits them; a virtual thread per batch sends.
 *
 * <p>The batches are lent from a fixed set, which is what bounds both memory and requests in
 * flight. An attempt whose answer was lost is repeated; the ids make that harmless.
 */
final class Sender implements AutoCloseable {
  private static final String NDJSON = "application/x-ndjson";
  private static final int ZSTD_LEVEL = 1;
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);

  /** How a run goes about it. */
  record Options(int inFlight, boolean compress, Duration patience) {}

  private final LeatClient client;
  private final Options options;
  private final Backoff backoff;
  private final SendReport report;
  private final Outage outage;
  private final BlockingQueue<Batch> free;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile @Nullable CommandFailure failure;

  Sender(LeatClient client, Options options, Backoff backoff, SendReport report, Outage outage) {
    this.client = client;
    this.options = options;
    this.backoff = backoff;
    this.report = report;
    this.outage = outage;
    // One more than are in flight, so that the next is filled meanwhile.
    free = new ArrayBlockingQueue<>(options.inFlight() + 1);
    for (int i = 0; i <= options.inFlight(); i++) {
      free.add(new Batch());
    }
  }

  /** An empty batch to fill; waits until one is free. */
  Batch take() throws InterruptedException {
    Batch batch = free.take();
    throwFailure();
    return batch;
  }

  /** Sends the batch and frees it. */
  void submit(Batch batch) {
    threads.execute(() -> run(batch));
  }

  /** Waits until everything submitted was answered. */
  void finish() {
    // Each batch ends by itself: the patience of its attempts is bounded.
    threads.close();
    throwFailure();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private void throwFailure() {
    CommandFailure failed = failure;
    if (failed != null) {
      throw failed;
    }
  }

  private void run(Batch batch) {
    try {
      if (failure == null && batch.count() > 0) {
        send(batch);
      }
    } catch (CommandFailure failed) {
      failure = failed;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      free.add(batch);
    }
  }

  private void send(Batch batch) throws InterruptedException {
    Map<String, String> headers = new HashMap<>(Map.of("Prefer", "handling=lenient"));
    byte[] body = batch.bytes();
    int length = batch.length();
    if (options.compress()) {
      body = Zstd.compress(Arrays.copyOf(body, length), ZSTD_LEVEL);
      length = body.length;
      headers.put("Content-Encoding", "zstd");
    }
    for (int attempt = 0; failure == null; attempt++) {
      Reply reply = attempt(body, length, headers, attempt);
      if (reply != null) {
        outage.over();
        settle(batch, reply);
        return;
      }
    }
  }

  /** One attempt; null if it is to be repeated, after having waited. */
  private @Nullable Reply attempt(byte[] body, int length, Map<String, String> headers, int attempt)
      throws InterruptedException {
    String trouble;
    Duration asked = null;
    try {
      Reply reply = client.post("/v1/events", NDJSON, body, length, headers, REQUEST_TIMEOUT);
      if (!isTemporary(reply.status())) {
        return reply;
      }
      asked = reply.retryAfter();
      trouble = "%d, %s".formatted(reply.status(), reply.problem());
    } catch (IOException unreachable) {
      trouble = "can't reach %s".formatted(client.base());
    }
    if (!outage.mayWait(trouble)) {
      throw new CommandFailure(
          "gave up after %d s: %s; what was accepted is safe, and sending again is harmless"
              .formatted(options.patience().toSeconds(), trouble));
    }
    Thread.sleep(backoff.delay(attempt, asked));
    return null;
  }

  private static boolean isTemporary(int status) {
    return switch (status) {
      case 408, 429, 500, 502, 503, 504, 507 -> true;
      default -> false;
    };
  }

  private void settle(Batch batch, Reply reply) {
    switch (reply.status()) {
      case 200, 202, 207, 400 -> report.add(batch, reply);
      case 413 ->
          throw new CommandFailure(
              "a batch of %d events is too large for the server (%s): use a smaller --batch"
                  .formatted(batch.count(), reply.problem()));
      default ->
          throw new CommandFailure(
              "the server answered %d to %s: %s"
                  .formatted(reply.status(), batch.whereIs(0), reply.problem()));
    }
  }
}
