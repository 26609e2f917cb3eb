package dev.leat.server;

import dev.leat.server.LeatClient.Reply;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/** A demo without end: more in the shop's evening than in its night, and a rush now and then. */
final class DemoStream {
  /** A day of the shop, short enough to be watched. */
  private static final double DAY_SECONDS = 120;

  private static final double RUSH_EVERY_SECONDS = 45;
  private static final double RUSH_SECONDS = 4;
  private static final Duration TICK = Duration.ofMillis(100);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final LeatClient client;
  private final DemoShop shop;
  private final InstantSource clock;
  private final Progress progress;
  private final Batch batch = new Batch();

  DemoStream(LeatClient client, DemoShop shop, InstantSource clock, Progress progress) {
    this.client = client;
    this.shop = shop;
    this.clock = clock;
    this.progress = progress;
  }

  /** Sends until a signal comes. */
  void run(int rate, Signals signals) throws IOException, InterruptedException {
    Instant began = clock.instant();
    double due = 0;
    double last = 0;
    while (!signals.await(TICK)) {
      Instant now = clock.instant();
      double seconds = Duration.between(began, now).toMillis() / 1e3;
      due += (seconds - last) * rate * liveliness(seconds);
      last = seconds;
      batch.reset("demo", 1);
      for (; due >= 1 && batch.count() < 10_000; due--) {
        shop.next(batch, now);
      }
      if (batch.count() > 0) {
        send();
      }
      if (progress.isDue()) {
        show();
      }
    }
    progress.clear();
  }

  /** From 0.2 at night to 1.8 in the evening, on average 1; three times that in a rush. */
  static double liveliness(double seconds) {
    double daily = 1 - 0.8 * Math.cos(2 * Math.PI * seconds / DAY_SECONDS);
    boolean rush = seconds % RUSH_EVERY_SECONDS > RUSH_EVERY_SECONDS - RUSH_SECONDS;
    return rush ? 3 * daily : daily;
  }

  private void send() throws IOException, InterruptedException {
    Reply reply =
        client.post(
            "/v1/events", "application/x-ndjson", batch.bytes(), batch.length(), Map.of(), TIMEOUT);
    if (reply.status() != 202) {
      progress.say("the server answered " + reply.problem());
    }
  }

  private void show() throws IOException, InterruptedException {
    ServerState state = ServerState.of(client);
    progress.show(
        -1,
        "%,d accepted · %,d queryable · %,d on their way"
            .formatted(state.accepted(), state.visible(), state.accepted() - state.visible()));
  }
}
