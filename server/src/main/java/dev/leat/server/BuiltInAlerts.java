package dev.leat.server;

import dev.leat.pipeline.AlertSpec;
import dev.leat.pipeline.AlertSpec.Direction;
import dev.leat.pipeline.AlertSpec.Sensitivity;
import dev.leat.pipeline.AlertSpec.Severity;
import dev.leat.pipeline.AlertSpec.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The alerts that every Leat has. Several with one name are one alert with several severities; an
 * alert of the definition takes the place of those of its name.
 */
final class BuiltInAlerts {
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final Duration MINUTES = Duration.ofMinutes(2);

  private static final List<AlertSpec> ALL =
      List.of(
          above("balance-gap", Signal.BALANCE_GAP, 0, Severity.CRITICAL, SOON),
          new AlertSpec(
              "ingest",
              null,
              null,
              Signal.INGEST,
              List.of(),
              Direction.BOTH,
              Severity.WARNING,
              Sensitivity.MEDIUM,
              null,
              null,
              AlertSpec.DEFAULT_LASTING),
          above("lag", Signal.LAG, 60, Severity.WARNING, MINUTES),
          above("lag", Signal.LAG, 300, Severity.CRITICAL, MINUTES),
          above("dead-letters", Signal.DEAD_LETTER_RATE, 0.05, Severity.WARNING, SOON),
          above("dead-letters", Signal.DEAD_LETTER_RATE, 0.5, Severity.CRITICAL, SOON),
          below("disk", Signal.DISK_FREE, 0.08, Severity.WARNING),
          below("disk", Signal.DISK_FREE, 0.03, Severity.CRITICAL),
          above("checkpoint", Signal.CHECKPOINT_AGE, 900, Severity.WARNING, MINUTES),
          above("checkpoint", Signal.CHECKPOINT_AGE, 3_600, Severity.CRITICAL, MINUTES),
          above("errors", Signal.ERROR_RATE, 0.05, Severity.WARNING, SOON),
          above("errors", Signal.ERROR_RATE, 0.5, Severity.CRITICAL, SOON));

  private BuiltInAlerts() {}

  private static AlertSpec above(
      String name, Signal signal, double bound, Severity severity, Duration lasting) {
    return bounded(name, signal, bound, null, severity, lasting);
  }

  private static AlertSpec below(String name, Signal signal, double bound, Severity severity) {
    return bounded(name, signal, null, bound, severity, MINUTES);
  }

  private static AlertSpec bounded(
      String name,
      Signal signal,
      @Nullable Double above,
      @Nullable Double below,
      Severity severity,
      Duration lasting) {
    return new AlertSpec(
        name,
        null,
        null,
        signal,
        List.of(),
        Direction.BOTH,
        severity,
        Sensitivity.MEDIUM,
        above,
        below,
        lasting);
  }

  /** Those of the definition, and those of every Leat that it does not replace. */
  static List<AlertSpec> with(List<AlertSpec> defined) {
    Set<String> taken = defined.stream().map(AlertSpec::name).collect(Collectors.toSet());
    List<AlertSpec> all = new ArrayList<>(defined);
    ALL.stream().filter(alert -> !taken.contains(alert.name())).forEach(all::add);
    return all;
  }
}
