package dev.leat.pipeline;

import java.time.Duration;

/**
 * How far the event time of one stream has come: the latest time less what events may overtake each
 * other by. Where the stream is silent it goes on at the pace of log time. It never goes back. All
 * times are microseconds. For one thread.
 *
 * <p>An event is judged first and {@link #see seen} then: what it is late for is what the events
 * before it have closed.
 */
final class Watermark {
  /** Before the first event. */
  static final long NONE = Long.MIN_VALUE;

  private long disorder;
  private long idle;
  private long ahead;
  private long latest = NONE;
  private long seenAt;
  private long reached = NONE;

  Watermark(StreamSpec.Time time) {
    use(time);
  }

  /** Judges by other rules from now on. What was reached stays reached. */
  void use(StreamSpec.Time time) {
    disorder = micros(time.disorder());
    idle = micros(time.idle());
    ahead = micros(time.ahead());
  }

  static long micros(Duration duration) {
    return duration.toSeconds() * 1_000_000L + duration.toNanosPart() / 1_000;
  }

  /** Whether a time lies so far in the future of its reception that it can't be right. */
  boolean isAhead(long time, long received) {
    return time > received + ahead;
  }

  /**
   * Goes on with an event whose time is not ahead.
   *
   * @param logTime when it came; never before that of earlier calls
   */
  void see(long time, long logTime) {
    at(logTime);
    latest = Math.max(latest, time);
    seenAt = logTime;
    reached = Math.max(reached, latest - disorder);
  }

  /**
   * Where it is when log time has come so far. Asking between two events changes nothing for those
   * that ask later.
   */
  long at(long logTime) {
    long silence = logTime - seenAt;
    if (latest != NONE && silence >= idle) {
      reached = Math.max(reached, latest - disorder + silence);
    }
    return reached;
  }

  void encode(ByteWriter out) {
    out.putLong(latest);
    out.putLong(seenAt);
    out.putLong(reached);
  }

  void decode(ByteReader in) {
    latest = in.getLong();
    seenAt = in.getLong();
    reached = in.getLong();
  }
}
