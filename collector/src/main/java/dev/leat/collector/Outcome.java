package dev.leat.collector;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every way a submission can end. Only {@link Kept} and {@link PartlyKept} mean that something is
 * in the log.
 */
public sealed interface Outcome {
  /**
   * All events are durable. {@code lastOffset} belongs to the last of them, or is -1 if there were
   * none.
   */
  record Kept(int events, long lastOffset) implements Outcome {}

  /**
   * The good events are durable, the bad ones are not; only where the sender asked for it.
   *
   * @param firstOffset of the first good event; the others follow in order
   * @param faults the first of them, in words
   */
  record PartlyKept(
      int kept,
      int refused,
      long firstOffset,
      long lastOffset,
      Verdicts verdicts,
      List<Fault> faults)
      implements Outcome {}

  /**
   * Nothing was kept because of what the sender sent.
   *
   * @param events how many events were seen
   * @param refused how many of them are bad
   * @param faultCount of which {@code faults} are the first
   */
  record Refused(int events, int refused, int faultCount, List<Fault> faults) implements Outcome {}

  /**
   * The body did not come whole, can't be decompressed, or its format is unknown; nothing was kept.
   */
  record Unreadable(FaultCode code, String expected, String found) implements Outcome {}

  /** A limit on the size was passed; nothing was kept and nothing would be on a retry. */
  record TooLarge(FaultCode code, String expected, String found) implements Outcome {}

  /** Too much is under way; nothing was kept. */
  record Overloaded(Duration retryAfter) implements Outcome {}

  /** There is no room on the disk; nothing was kept. */
  record Full(String reason) implements Outcome {}

  /**
   * The door is closed, or the log is. {@code certain} is false if events may have been kept
   * nevertheless.
   */
  record Stopped(FaultCode code, String reason, boolean certain) implements Outcome {}

  /** Which events of a request were refused, and why; two bytes for each. */
  final class Verdicts {
    /** On no events. */
    static final Verdicts NONE = new Verdicts(new short[0]);

    private final short[] firstCodes;

    Verdicts(short[] firstCodes) {
      this.firstCodes = firstCodes;
    }

    public int events() {
      return firstCodes.length;
    }

    /** The first thing wrong with this event; null if it was kept. */
    public @Nullable FaultCode refusal(int index) {
      int code = firstCodes[index];
      return code == 0 ? null : FaultCode.ofNumber(code);
    }
  }
}
