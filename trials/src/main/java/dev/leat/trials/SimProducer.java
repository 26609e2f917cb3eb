package dev.leat.trials;

import dev.leat.event.EventLog;
import dev.leat.event.EventLog.Append;
import dev.leat.trials.SimShop.Event;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Somebody outside of the house who sends events, and outlives it: what was not answered is sent
 * again, sometimes what was answered too. For one thread at a time.
 */
final class SimProducer {
  private static final int MAX_ATTEMPTS = 20;

  private final String source;
  private final RandomGenerator chance;
  private final Acknowledged acknowledged;
  private final List<Event> sent = new ArrayList<>();
  private int batchesLeft;
  private int ids;
  private @Nullable List<Event> unanswered;

  /**
   * @param batches how many it sends in its life
   */
  SimProducer(String source, int batches, RandomGenerator chance, Acknowledged acknowledged) {
    this.source = source;
    this.batchesLeft = batches;
    this.chance = chance;
    this.acknowledged = acknowledged;
  }

  /** Sends for a while, or until the log takes nothing more. */
  void run(EventLog log, World world, int most) {
    try {
      for (int i = 0; i < most && (batchesLeft > 0 || unanswered != null); i++) {
        if (!send(log, world)) {
          return;
        }
        world.sleep(1_000_000L * chance.nextInt(chance.nextInt(10) == 0 ? 30_000 : 1_000));
      }
    } catch (InterruptedException unexpected) {
      world.fail(unexpected);
    }
  }

  boolean isDone() {
    return batchesLeft == 0 && unanswered == null;
  }

  /** Sends an event of now to each stream that has metrics. */
  void finish(EventLog log, World world) throws InterruptedException {
    long now = now(world);
    List<Event> events =
        List.of(
            new Event(
                "order",
                source,
                "order",
                "w0",
                now,
                "",
                "{\"shop\":\"s0\",\"who\":\"w0\",\"amount\":1}"),
            new Event("meter", source, "meter", "last", now, "", "{\"version\":1}"));
    unanswered = events;
    while (unanswered != null && send(log, world)) {
      // Until it is answered.
    }
  }

  /** Whether the log still takes something. */
  private boolean send(EventLog log, World world) throws InterruptedException {
    List<Event> events = unanswered;
    if (events == null) {
      batchesLeft--;
      events = draw(now(world));
      unanswered = events;
      sent.addAll(events);
    }
    int answers = chance.nextInt(12) == 0 ? 2 : 1;
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      switch (log.append(SimShop.batch(events, now(world)))) {
        case Append.Kept kept -> {
          acknowledged.add(kept, events, world);
          if (--answers == 0) {
            unanswered = null;
            return true;
          }
        }
        case Append.Overloaded later -> world.sleep(later.retryAfter().toNanos());
        case Append.Full _ -> world.sleep(500_000_000L);
        case Append.Closed _ -> {
          return false;
        }
        case Append.TooLarge large -> throw new IllegalStateException(large.toString());
      }
    }
    return true; // It goes on being unanswered.
  }

  private List<Event> draw(long now) {
    List<Event> events = new ArrayList<>();
    for (int i = 1 + chance.nextInt(6); i > 0; i--) {
      events.add(
          !sent.isEmpty() && chance.nextInt(8) == 0
              ? sent.get(chance.nextInt(sent.size()))
              : SimShop.draw(chance, source, source + "-" + ids++, now, sent));
    }
    return events;
  }

  private static long now(World world) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, world.clock().instant());
  }
}
