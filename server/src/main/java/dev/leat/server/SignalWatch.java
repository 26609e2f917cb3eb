package dev.leat.server;

import dev.leat.alert.Detector;
import dev.leat.alert.DetectorOptions;
import dev.leat.alert.Direction;
import dev.leat.alert.Finding;
import dev.leat.alert.Scale;
import dev.leat.alert.Sensitivity;
import dev.leat.alert.Threshold;
import dev.leat.alert.Verdict;
import dev.leat.pipeline.AlertSpec;
import dev.leat.pipeline.AlertSpec.Signal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Watches one of the platform's own signals. For the thread of the desk. */
abstract sealed class SignalWatch implements Watch {
  static final SortedMap<String, String> NO_LABELS = Collections.emptySortedMap();

  final AlertSpec spec;
  final Signal signal;

  private SignalWatch(AlertSpec spec, Signal signal) {
    this.spec = spec;
    this.signal = signal;
  }

  /**
   * The watch that an alert on a signal asks for.
   *
   * @param now the minute that has not ended yet
   */
  static SignalWatch of(AlertSpec spec, Signal signal, SignalHistory history, long now)
      throws IOException {
    return spec.isLearned() ? new Learned(spec, signal, history, now) : new Bounded(spec, signal);
  }

  @Override
  public String name() {
    return spec.name();
  }

  /** What a detector is to look for. */
  static DetectorOptions options(AlertSpec spec, int bucketMinutes, Scale scale) {
    return new DetectorOptions(
        bucketMinutes,
        scale,
        Direction.valueOf(spec.direction().name()),
        Sensitivity.valueOf(spec.sensitivity().name()),
        spec.lasting());
  }

  /** Against a bound, at each look. */
  private static final class Bounded extends SignalWatch {
    private final Threshold threshold;

    Bounded(AlertSpec spec, Signal signal) {
      super(spec, signal);
      threshold = new Threshold(spec.above(), spec.below(), spec.lasting());
    }

    @Override
    public List<Finding> look(Now now) {
      double value = now.signals().getOrDefault(signal, Double.NaN);
      if (signal == Signal.INGEST) {
        value = now.minute() < 0 ? Double.NaN : now.counted().getOrDefault(signal, Double.NaN);
      }
      Instant since = threshold.observe(now.at(), value);
      if (since == null) {
        last = null;
        return List.of();
      }
      // A signal that is counted by the minute has no value in between.
      if (!Double.isNaN(value) || last == null) {
        last = Findings.bounded(spec, NO_LABELS, threshold, value, since);
      }
      return List.of(last);
    }

    private @Nullable Finding last;
  }

  /** Against what is usual, minute by minute; learns from the history first. */
  private static final class Learned extends SignalWatch {
    private final Detector detector;
    private List<Finding> found = List.of();

    Learned(AlertSpec spec, Signal signal, SignalHistory history, long now) throws IOException {
      super(spec, signal);
      Scale scale = signal == Signal.INGEST || signal == Signal.LAG ? Scale.COUNTS : Scale.VALUES;
      detector = new Detector(options(spec, 1, scale));
      double[] values = history.values(signal, now);
      for (int i = 0; i < values.length; i++) {
        // A minute without a value is one without a server, which says nothing.
        if (!Double.isNaN(values[i])) {
          observe(now - values.length + i, values[i]);
        }
      }
    }

    @Override
    public List<Finding> look(Now now) {
      double value = now.counted().getOrDefault(signal, Double.NaN);
      if (now.minute() >= 0 && !Double.isNaN(value)) {
        observe(now.minute(), value);
      }
      return found;
    }

    private void observe(long minute, double value) {
      Verdict verdict = detector.observe(minute, value);
      found = verdict.isOpen() ? List.of(finding(verdict)) : List.of();
    }

    private Finding finding(Verdict verdict) {
      Instant since = Instant.EPOCH.plus(Duration.ofMinutes(verdict.since()));
      return Findings.learned(spec, NO_LABELS, verdict, since);
    }
  }
}
