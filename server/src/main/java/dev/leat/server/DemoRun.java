package dev.leat.server;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A demo that ends: so many events as fast as they are taken, then a look at what arrived. */
final class DemoRun {
  private static final int BATCH = 1_000;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final LeatClient client;
  private final DemoShop shop;
  private final InstantSource clock;
  private final Progress progress;

  DemoRun(LeatClient client, DemoShop shop, InstantSource clock, Progress progress) {
    this.client = client;
    this.shop = shop;
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * What came of it.
   *
   * @param stored by how much the rows grew
   */
  record Result(
      long sent,
      long accepted,
      long refused,
      long stored,
      double sendSeconds,
      double visibleSeconds) {
    boolean isBalanced() {
      return accepted == sent && refused == 0 && stored == accepted;
    }
  }

  Result run(long events) throws IOException, InterruptedException {
    ServerState.Decided before = ServerState.decided(client);
    Instant began = clock.instant();
    SendReport report = new SendReport();
    Sender.Options options = new Sender.Options(4, false, PATIENCE);
    Backoff backoff = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(2), new SecureRandom());
    Outage outage = new Outage(PATIENCE, clock, progress::say);
    try (Sender sender = new Sender(client, options, backoff, report, outage)) {
      for (long sent = 0; sent < events; ) {
        Batch batch = sender.take();
        batch.reset("demo", sent + 1);
        sent += fill(batch, events - sent);
        sender.submit(batch);
        if (progress.isDue()) {
          show(report, events, began);
        }
      }
      sender.finish();
    }
    double sendSeconds = seconds(began);
    progress.clear();
    ServerState.awaitVisible(client, PATIENCE);
    return new Result(
        events,
        report.accepted(),
        report.refused(),
        ServerState.decided(client).since(before).stored(),
        sendSeconds,
        seconds(began));
  }

  private int fill(Batch batch, long most) {
    Instant now = clock.instant();
    int events = (int) Math.min(BATCH, most);
    for (int i = 0; i < events; i++) {
      shop.next(batch, now);
    }
    return events;
  }

  private void show(SendReport report, long events, Instant began) {
    progress.show(
        (double) report.accepted() / events,
        "%,d accepted, %,d/s"
            .formatted(report.accepted(), Math.round(report.accepted() / seconds(began))));
  }

  private double seconds(Instant began) {
    return Math.max(1, Duration.between(began, clock.instant()).toMillis()) / 1e3;
  }
}
