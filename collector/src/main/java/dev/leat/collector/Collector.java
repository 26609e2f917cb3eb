package dev.leat.collector;

import dev.leat.event.EventBatch;
import dev.leat.event.EventLog;
import dev.leat.event.KeyRule;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The front door without its transport: decodes what was submitted, appends it to the log, and
 * returns when it is known what became of it. Blocks until then; any number of threads may call it,
 * best virtual ones.
 *
 * <p>Buffers and decoders are lent from small pools. Who waits for the log holds nothing but the
 * batch: there are as many waiting as there are connections, and a decoder for each of them would
 * be made anew for each request. What all submissions hold together is bounded; beyond that they
 * are told to come again.
 */
public final class Collector {
  private static final int MICROS_PER_SECOND = 1_000_000;

  /** A batch of one event fits; a larger one grows into its size and keeps it in the pool. */
  private static final int INITIAL_BATCH_BYTES = 1 << 11;

  private final EventLog log;
  private final CollectorOptions options;
  private final InstantSource clock;
  private final Supplier<KeyRule> keys;
  private final Supplier<String> shortage;
  private final InFlight inFlight;
  private final Tally tally = new Tally();
  private final Pool<Workspace> workspaces;
  private final Pool<EventBatch.Writer> batches;

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
    this.inFlight = new InFlight(options.maxInFlightBytes());
    this.workspaces =
        new Pool<>(
            options.pooledRequests(),
            () -> new Workspace(new Body(options), new BatchReader(options, hashSeed)));
    this.batches =
        new Pool<>(options.pooledRequests(), () -> new EventBatch.Writer(INITIAL_BATCH_BYTES));
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
    try (InFlight.Lease lease = inFlight.lease()) {
      EventBatch.Writer batch = batches.take();
      Decoded decoded = decode(submission, now, batch, lease);
      Outcome refusal = decoded.refusal();
      Outcome outcome = refusal == null ? append(decoded, batch) : refusal;
      count(outcome, decoded.events() - decoded.refused());
      // Not in a finally, nor after an interrupt: somebody may still have the batch in hand.
      if (!(outcome instanceof Outcome.Stopped) && batch.length() <= options.pooledBytes()) {
        batches.giveBack(batch);
      }
      return outcome;
    }
  }

  Tally tally() {
    return tally;
  }

  /**
   * What is known of a submission before the log is asked.
   *
   * @param refusal why nothing of it will be kept; null if something will
   * @param events seen, good and bad
   * @param refused how many of them are bad
   * @param verdicts on all of them; of no events if all are good
   * @param faults the first of them, in words; none if all are good
   */
  private record Decoded(
      @Nullable Outcome refusal,
      int events,
      int refused,
      Outcome.Verdicts verdicts,
      List<Fault> faults) {}

  private Decoded decode(
      Submission submission, Instant now, EventBatch.Writer batch, InFlight.Lease lease) {
    Workspace workspace = workspaces.take();
    Decoded decoded = decode(submission, now, workspace, batch, lease);
    // Not in a finally: a workspace that saw an exception may still be in somebody's hands.
    workspace.body.trim(options.pooledBytes());
    workspace.reader.forget();
    workspaces.giveBack(workspace);
    return decoded;
  }

  private Decoded decode(
      Submission submission,
      Instant now,
      Workspace workspace,
      EventBatch.Writer batch,
      InFlight.Lease lease) {
    Body body = workspace.body;
    Outcome unread = body.fill(submission.body(), submission.coding(), lease);
    tally.read(body.sentBytes(), body.length());
    if (unread != null) {
      return new Decoded(unread, 0, 0, Outcome.Verdicts.NONE, List.of());
    }
    BatchReader reader = workspace.reader;
    reader.read(submission, body.bytes(), body.length(), micros(now), keys.get(), batch);
    tally.refused(reader.faults(), reader.events());
    return decoded(submission, reader);
  }

  private Decoded decoded(Submission submission, BatchReader reader) {
    FaultList faults = reader.faults();
    int events = reader.events();
    Outcome refusal = refusal(submission, reader);
    if (refusal != null || faults.isEmpty()) {
      return new Decoded(refusal, events, faults.refusedEvents(), Outcome.Verdicts.NONE, List.of());
    }
    return new Decoded(
        null, events, faults.refusedEvents(), faults.verdicts(events), faults.listed());
  }

  /** Why nothing of what was read is kept; null if something is. */
  private @Nullable Outcome refusal(Submission submission, BatchReader reader) {
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
    return null;
  }

  private Outcome append(Decoded decoded, EventBatch.Writer batch) {
    if (decoded.events() == 0) {
      return new Outcome.Kept(0, -1);
    }
    String shortOfRoom = shortage.get();
    if (!shortOfRoom.isEmpty()) {
      return new Outcome.Full(shortOfRoom);
    }
    EventLog.Append append;
    try {
      append = log.append(batch.batch());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new Outcome.Stopped(
          FaultCode.STOPPING, "interrupted while waiting for the log", false);
    }
    return switch (append) {
      case EventLog.Append.Kept kept -> kept(decoded, kept);
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

  private static Outcome kept(Decoded decoded, EventLog.Append.Kept kept) {
    if (decoded.refused() == 0) {
      return new Outcome.Kept(decoded.events(), kept.lastOffset());
    }
    return new Outcome.PartlyKept(
        decoded.events() - decoded.refused(),
        decoded.refused(),
        kept.firstOffset(),
        kept.lastOffset(),
        decoded.verdicts(),
        decoded.faults());
  }

  /** Counts the good events, as accepted or by the reason they were not; the bad ones are. */
  private void count(Outcome outcome, int good) {
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

  private static long micros(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), MICROS_PER_SECOND), instant.getNano() / 1_000);
  }

  /** What one request needs while it is read. */
  private record Workspace(Body body, BatchReader reader) {}
}
