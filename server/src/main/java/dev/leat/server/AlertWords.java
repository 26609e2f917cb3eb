package dev.leat.server;

import dev.leat.alert.Finding;
import dev.leat.alert.Verdict;
import dev.leat.pipeline.AlertSpec;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says in a sentence what is out of the ordinary. */
final class AlertWords {
  private AlertWords() {}

  /** What an alert is about. */
  static String subject(AlertSpec spec) {
    AlertSpec.Signal signal = spec.signal();
    return signal == null ? spec.metric() + "." + spec.measure() : subject(signal);
  }

  static String subject(AlertSpec.Signal signal) {
    return switch (signal) {
      case INGEST -> "events accepted in a minute";
      case LAG -> "seconds that the oldest event waits to be decided on";
      case DEAD_LETTER_RATE -> "share of events that become dead letters";
      case ERROR_RATE -> "share of requests answered with 5xx or 429";
      case DISK_FREE -> "free share of the disk";
      case CHECKPOINT_AGE -> "seconds since the last commit";
      case BALANCE_GAP -> "events that are lost or not where they should be";
    };
  }

  static String learned(
      String subject, Map<String, String> labels, Verdict verdict, Instant since) {
    String what =
        switch (verdict.kind()) {
          case MISSING -> "nothing has come where something usually does";
          case DROP -> instead(verdict, "less");
          case SURGE -> instead(verdict, "more");
          case NONE -> "as usual";
        };
    String band =
        Double.isNaN(verdict.low())
            ? ""
            : "; usual is %s to %s".formatted(number(verdict.low()), number(verdict.high()));
    return "%s%s: %s%s, since %s".formatted(subject, series(labels), what, band, time(since));
  }

  private static String instead(Verdict verdict, String than) {
    return "%s instead of %s, %.0f %% %s"
        .formatted(
            number(verdict.value()),
            number(verdict.expected()),
            Math.abs(100 * verdict.deviation()),
            than);
  }

  static String threshold(
      String subject,
      Map<String, String> labels,
      double value,
      double low,
      double high,
      Instant since) {
    String bound =
        value > high
            ? "above %s".formatted(number(high))
            : value < low ? "below %s".formatted(number(low)) : "back, but not for long enough yet";
    return "%s%s: %s, %s, since %s"
        .formatted(subject, series(labels), number(value), bound, time(since));
  }

  private static String series(Map<String, String> labels) {
    return labels.isEmpty() ? "" : " " + labels;
  }

  private static String time(Instant since) {
    return since.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Three digits are enough for people; whole numbers have all of theirs. */
  static String number(double value) {
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? "nothing" : String.valueOf(value);
    }
    if (Math.abs(value) >= 1_000) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
  }

  /** A number for JSON; null for what JSON has none for. */
  static @Nullable Double json(double value) {
    return Double.isFinite(value) ? (Double) value : null;
  }

  /** The finding as somebody else's labels. */
  static String title(Finding finding) {
    return finding.series().toString();
  }
}
