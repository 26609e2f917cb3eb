package dev.leat.server;

import dev.leat.collector.Collector;
import dev.leat.collector.CollectorCounts;
import dev.leat.engine.Engine;
import dev.leat.engine.EngineStatus;
import dev.leat.event.Balance;
import dev.leat.event.EventLog;
import dev.leat.event.EventStore;
import dev.leat.pipeline.AlertSpec.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;

/**
 * What the house measures of itself for alerts: reads counts that are kept anyway, and remembers
 * the readings of the last minutes. For one thread.
 */
final class HouseSignals {
  /** Readings that are older are forgotten; rates are over so long. */
  private static final Duration MEMORY = Duration.ofMinutes(15);

  private static final Duration RATES = Duration.ofMinutes(5);

  /** A rate of fewer events or requests says nothing. */
  private static final long FEWEST = 10;

  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;

  private final Collector collector;
  private final EventLog log;
  private final EventStore store;
  private final Engine engine;
  private final Path data;
  private final Deque<Reading> readings = new ArrayDeque<>();

  /** When the committed offset was seen to move, or to be the end of the log. */
  private Instant committedAt = Instant.MIN;

  private long committed = -1;

  private record Reading(
      Instant at,
      long accepted,
      long next,
      long processed,
      long decided,
      long letters,
      long requests,
      long errors) {}

  HouseSignals(Collector collector, EventLog log, EventStore store, Engine engine, Path data) {
    this.collector = collector;
    this.log = log;
    this.store = store;
    this.engine = engine;
    this.data = data;
  }

  /** Events accepted since the start. */
  long accepted() {
    return collector.counts().acceptedEvents();
  }

  /** Takes a reading; all signals but {@link Signal#INGEST}, which is counted by the minute. */
  Map<Signal, Double> read(Instant now) {
    EngineStatus status = engine.status();
    Balance balance = engine.balance();
    Reading reading = reading(now, status, balance);
    readings.addLast(reading);
    while (readings.getFirst().at().isBefore(now.minus(MEMORY))) {
      readings.removeFirst();
    }
    Reading past = past(now.minus(RATES));
    Map<Signal, Double> values = new EnumMap<>(Signal.class);
    values.put(Signal.LAG, lag(now, reading));
    values.put(
        Signal.DEAD_LETTER_RATE,
        share(reading.letters() - past.letters(), reading.decided() - past.decided()));
    values.put(
        Signal.ERROR_RATE,
        share(reading.errors() - past.errors(), reading.requests() - past.requests()));
    values.put(Signal.DISK_FREE, diskFree());
    values.put(Signal.CHECKPOINT_AGE, checkpointAge(now));
    values.put(Signal.BALANCE_GAP, gap(balance));
    return values;
  }

  private Reading reading(Instant now, EngineStatus status, Balance balance) {
    CollectorCounts counts = collector.counts();
    long requests = 0;
    long errors = 0;
    for (Map.Entry<Integer, Long> answers : counts.requests().entrySet()) {
      requests += answers.getValue();
      boolean failed = answers.getKey() >= SERVER_ERROR || answers.getKey() == TOO_MANY_REQUESTS;
      errors += failed ? answers.getValue() : 0;
    }
    Balance.Totals total = balance.total();
    return new Reading(
        now,
        counts.acceptedEvents(),
        log.nextOffset(),
        status.processedOffset(),
        total.stored() + total.duplicates() + total.deadLettered() + total.filtered(),
        total.deadLettered(),
        requests,
        errors);
  }

  /** The oldest reading that is not older. */
  private Reading past(Instant from) {
    for (Reading reading : readings) {
      if (!reading.at().isBefore(from)) {
        return reading;
      }
    }
    return readings.getLast();
  }

  /** Seconds that the oldest event has waited, as far back as readings go. */
  private double lag(Instant now, Reading reading) {
    if (reading.processed() >= reading.next()) {
      return 0;
    }
    Instant since = readings.getFirst().at();
    for (Iterator<Reading> newest = readings.descendingIterator(); newest.hasNext(); ) {
      Reading before = newest.next();
      if (before.next() <= reading.processed()) {
        since = before.at();
        break;
      }
    }
    return Duration.between(since, now).toMillis() / 1e3;
  }

  private static double share(long part, long whole) {
    return whole < FEWEST ? 0 : Math.clamp((double) part / whole, 0.0, 1.0);
  }

  /** 1 where the system does not tell: the log itself notices a full disk. */
  private double diskFree() {
    DiskSpace disk = DiskSpace.of(data);
    return disk == null || disk.total() <= 0 ? 1 : (double) disk.free() / disk.total();
  }

  private double checkpointAge(Instant now) {
    long offset = store.committed();
    if (offset != committed || offset >= log.nextOffset()) {
      committed = offset;
      committedAt = now;
    }
    return Duration.between(committedAt, now).toMillis() / 1e3;
  }

  private static double gap(Balance balance) {
    return balance.balanced() ? 0 : Math.max(1, Math.abs(balance.total().gap()) + balance.lost());
  }
}
