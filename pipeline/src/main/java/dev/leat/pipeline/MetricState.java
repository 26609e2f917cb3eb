package dev.leat.pipeline;

/** What is known of a metric besides its cells. For one thread. */
final class MetricState {
  /**
   * What lies before it is settled: the furthest that the watermark less the lateness has come. A
   * lateness that grows opens nothing again.
   */
  private long horizon = Watermark.NONE;

  /** The earliest bucket that has something that may still change; for sessions only. */
  private long earliest = Watermark.NONE;

  /** The end of the latest window that an event was counted in. */
  private long end = Watermark.NONE;

  /** Where the last slice ends that lies behind that, and that only commits have. */
  private long parkedTo = Watermark.NONE;

  private MetricCounters counters = new MetricCounters();

  long horizon() {
    return horizon;
  }

  void reach(long watermark, long lateness) {
    if (watermark != Watermark.NONE) {
      horizon = Math.max(horizon, watermark - lateness);
    }
  }

  long earliest() {
    return earliest;
  }

  void setEarliest(long bucket) {
    earliest = bucket;
  }

  long end() {
    return end;
  }

  void extend(long windowEnd) {
    end = Math.max(end, windowEnd);
  }

  long parkedTo() {
    return parkedTo;
  }

  void park(long sliceEnd) {
    parkedTo = Math.max(parkedTo, sliceEnd);
  }

  MetricCounters counters() {
    return counters;
  }

  /** Begins to count anew, for a metric that left. */
  void clearCounters() {
    counters = new MetricCounters();
  }

  void encode(ByteWriter out) {
    out.putLong(horizon);
    out.putLong(earliest);
    out.putLong(end);
    out.putLong(parkedTo);
    counters.encode(out);
  }

  static MetricState decode(ByteReader in) {
    MetricState state = new MetricState();
    state.horizon = in.getLong();
    state.earliest = in.getLong();
    state.end = in.getLong();
    state.parkedTo = in.getLong();
    state.counters.decode(in);
    return state;
  }
}
