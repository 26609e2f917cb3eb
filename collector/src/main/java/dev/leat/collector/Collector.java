package dev.leat.collector;

import dev.leat.event.EventLog;
import dev.leat.event.KeyRule;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The front door without its transport: decodes what was submitted, appends it to the log, and
 * returns when it is known what became of it. Blocks until then; any number of threads may call it,
 * best virtual ones.
 *
 * <p>Buffers and decoders are lent from a small pool and given back only after the log has let go
 * of the batch. What all submissions hold together is bounded; beyond that they are told to come
 * again.
 */
public final class Collector {
  private static final int MICROS_PER_SECOND = 1_000_000;

  private final EventLog log;
  private final CollectorOptions options;
  private final InstantSource clock;
  private final Supplier<KeyRule> keys;
  private final Supplier<String> shortage;
  private final long hashSeed;
  private final InFlight inFlight;
  private final Tally tally = new Tally();

  /** Guarded by itself. Last in, first out: what was used last is still in the caches. */
  private final Deque<Workspace> pool = new ArrayDeque<>();

  private volatile boolean draining;

  /**
   * @param keys the rule in force, asked once per request
   * @param hashSeed a secret of this process; whoever knows it can choose names that make their own
   *     requests slow
   */
  public Collector(
      EventLog log,
      CollectorOptions options,
      InstantSource clock,
      Supplier<KeyRule> keys,
      long hashSeed) {
    this(log, options, clock, keys, () -> "", hashSeed);
  }

  /**
   * The same, where more than the log needs room.
   *
   * @param shortage asked once per request: why there is no room for events, empty if there is
   */
  public Collector(
      EventLog log,
      CollectorOptions options,
      InstantSource clock,
      Supplier<KeyRule> keys,
      Supplier<String> shortage,
      long hashSeed) {
    this.log = log;
    this.options = options;
    this.clock = clock;
    this.keys = keys;
    this.shortage = shortage;
    this.hashSeed = hashSeed;
    this.inFlight = new InFlight(options.maxInFlightBytes());
  }

  public CollectorOptions options() {
    return options;
  }

  /** From now on submissions are answered with {@link Outcome.Stopped}; those under way go on. */
  public void drain() {
    draining = true;
  }

  public boolean isDraining() {
    return draining;
  }

  public CollectorCounts counts() {
    return tally.snapshot(inFlight.heldBytes());
  }

  /** Keeps what was submitted, or says why not. */
  public Outcome collect(Submission submission) {
    if (draining) {
      return new Outcome.Stopped(FaultCode.STOPPING, "the server is shutting down", true);
    }
    Instant now = clock.instant();
    Workspace workspace = take();
    Outcome outcome;
    try (InFlight.Lease lease = inFlight.lease()) {
      outcome = collect(submission, now, workspace, lease);
    }
    // Not in a finally: a workspace that saw an exception may still be in somebody's hands.
    if (!(outcome instanceof Outcome.Stopped)) {
      giveBack(workspace);
    }
    return outcome;
  }

  Tally tally() {
    return tally;
  }

  private Outcome collect(
      Submission submission, Instant now, Workspace workspace, InFlight.Lease lease) {
    Body body = workspace.body;
    Outcome refusal = body.fill(submission.body(), submission.coding(), lease);
    tally.read(body.sentBytes(), body.length());
    if (refusal != null) {
      return refusal;
    }
    BatchReader reader = workspace.reader;
    reader.read(submission, body.bytes(), body.length(), micros(now), keys.get());
    Outcome outcome = decide(submission, reader);
    count(outcome, reader);
    return outcome;
  }

  private Outcome decide(Submission submission, BatchReader reader) {
    FaultList faults = reader.faults();
    int events = reader.events();
    if (reader.hasTooMany()) {
      String expected = "at most " + options.maxEvents() + " events";
      return new Outcome.TooLarge(FaultCode.TOO_MANY_EVENTS, expected, "more");
    }
    boolean noneGood = faults.refusedEvents() == events;
    if (!faults.isEmpty() && (noneGood || !submission.lenient())) {
      return new Outcome.Refused(events, faults.refusedEvents(), faults.total(), faults.listed());
    }
    return events == 0 ? new Outcome.Kept(0, -1) : append(reader);
  }

  private Outcome append(BatchReader reader) {
    String shortOfRoom = shortage.get();
    if (!shortOfRoom.isEmpty()) {
      return new Outcome.Full(shortOfRoom);
    }
    EventLog.Append append;
    try {
      append = log.append(reader.batch());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new Outcome.Stopped(
          FaultCode.STOPPING, "interrupted while waiting for the log", false);
    }
    return switch (append) {
      case EventLog.Append.Kept kept -> kept(reader, kept);
      case EventLog.Append.Overloaded overloaded -> new Outcome.Overloaded(overloaded.retryAfter());
      case EventLog.Append.Full full -> new Outcome.Full(full.reason());
      case EventLog.Append.Closed closed ->
          new Outcome.Stopped(FaultCode.LOG_STOPPED, closed.reason(), true);
      case EventLog.Append.TooLarge tooLarge ->
          new Outcome.TooLarge(
              FaultCode.BATCH_TOO_LARGE,
              "at most " + tooLarge.maximumBytes() + " bytes of events",
              tooLarge.bytes() + " bytes");
    };
  }

  private static Outcome kept(BatchReader reader, EventLog.Append.Kept kept) {
    FaultList faults = reader.faults();
    if (faults.isEmpty()) {
      return new Outcome.Kept(reader.events(), kept.lastOffset());
    }
    int good = reader.events() - faults.refusedEvents();
    return new Outcome.PartlyKept(
        good,
        faults.refusedEvents(),
        kept.firstOffset(),
        kept.lastOffset(),
        faults.verdicts(reader.events()),
        faults.listed());
  }

  /** Every event seen is counted once, as accepted or by the reason it was not. */
  private void count(Outcome outcome, BatchReader reader) {
    int bad = reader.faults().refusedEvents();
    int good = reader.events() - bad;
    tally.refused(reader.faults(), reader.events());
    @Nullable FaultCode refusal =
        switch (outcome) {
          case Outcome.Kept _, Outcome.PartlyKept _ -> null;
          case Outcome.Refused _ -> FaultCode.OTHER_EVENT_REFUSED;
          case Outcome.Unreadable unreadable -> unreadable.code();
          case Outcome.TooLarge tooLarge -> tooLarge.code();
          case Outcome.Overloaded _ -> FaultCode.OVERLOADED;
          case Outcome.Full _ -> FaultCode.DISK_FULL;
          case Outcome.Stopped stopped -> stopped.code();
        };
    if (refusal == null) {
      tally.accepted(good);
    } else {
      tally.refused(refusal, good);
    }
  }

  private Workspace take() {
    synchronized (pool) {
      Workspace workspace = pool.pollFirst();
      if (workspace != null) {
        return workspace;
      }
    }
    return new Workspace(new Body(options), new BatchReader(options, hashSeed));
  }

  private void giveBack(Workspace workspace) {
    workspace.body.trim(options.pooledBytes());
    workspace.reader.trim(options.pooledBytes());
    synchronized (pool) {
      if (pool.size() < options.pooledRequests()) {
        pool.addFirst(workspace);
      }
    }
  }

  private static long micros(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), MICROS_PER_SECOND), instant.getNano() / 1_000);
  }

  /** What one request needs while it is under way. */
  private record Workspace(Body body, BatchReader reader) {}
}
