package dev.leat.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.pipeline.AlertSpec.Direction;
import dev.leat.pipeline.AlertSpec.Sensitivity;
import dev.leat.pipeline.AlertSpec.Severity;
import dev.leat.pipeline.AlertSpec.Signal;
import dev.leat.pipeline.Alerting.Maintenance;
import dev.leat.pipeline.Alerting.Protocol;
import dev.leat.pipeline.Alerting.Stretch;
import dev.leat.pipeline.Alerting.Target;
import dev.leat.pipeline.Definition.Reading;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a definition says of alerts, and what is wrong with it. */
class AlertReaderTest {
  private static final String METRICS =
      """
      metrics:
        - name: departures
          from: events
          window: {tumbling: 1m}
          by: [data.origin]
          measures: {flights: count(), busiest: 'topk(data.to, 5)'}
        - {name: daily, from: events, window: {tumbling: 1d}, measures: {n: count()}}
      """;

  private static Definition valid(String yaml) {
    return assertInstanceOf(Reading.Valid.class, Definition.parse(METRICS + yaml)).definition();
  }

  private static String mistakes(String yaml) {
    Reading.Invalid invalid =
        assertInstanceOf(Reading.Invalid.class, Definition.parse(METRICS + yaml));
    return invalid.mistakes().toString();
  }

  @Test
  void everyKeyIsReadAndWrittenAgain() {
    Definition read =
        valid(
            """
            alerts:
              - {name: few, metric: departures, measure: flights, by: [origin], direction: down,
                 severity: critical, sensitivity: high, for: 10m}
              - {name: many, metric: daily, above: 1e6, below: -0.5}
              - {name: full, signal: disk-free, below: 0.2, severity: info}
            notify:
              - {alertmanager: 'http://127.0.0.1:9093'}
              - {webhook: 'https://example.org/hook', severity: critical, per-hour: 5}
            maintenance:
              - {from: 2026-01-01T00:00:00Z, to: 2026-01-01T02:00:00Z}
              - {every: sunday, at: '02:00', for: 2h, alerts: [few]}
            """);
    Alerting alerting = read.alerting();
    assertEquals(
        new AlertSpec(
            "few",
            "departures",
            "flights",
            null,
            List.of("origin"),
            Direction.DOWN,
            Severity.CRITICAL,
            Sensitivity.HIGH,
            null,
            null,
            Duration.ofMinutes(10)),
        alerting.alerts().getFirst());
    assertEquals("n", alerting.alerts().get(1).measure());
    assertEquals(1e6, alerting.alerts().get(1).above());
    assertEquals(Signal.DISK_FREE, alerting.alerts().get(2).signal());
    assertEquals(
        new Target(Protocol.WEBHOOK, "https://example.org/hook", Severity.CRITICAL, 5),
        alerting.targets().get(1));
    assertEquals(
        new Maintenance(
            new Stretch.Repeated(DayOfWeek.SUNDAY, LocalTime.of(2, 0), Duration.ofHours(2)),
            List.of("few")),
        alerting.maintenance().get(1));
    assertEquals(
        read, assertInstanceOf(Reading.Valid.class, Definition.parse(read.toYaml())).definition());
    assertTrue(!read.pipelineYaml().contains("alerts"), "alerts decide nothing about events");
  }

  @Test
  void everyMistakeIsTold() {
    assertTrue(mistakes("alerts: [{name: a, metric: departure}]").contains("departures"));
    assertTrue(
        mistakes("alerts: [{name: a, metric: departures}]").contains("'measure' is missing"));
    assertTrue(
        mistakes("alerts: [{name: a, metric: departures, measure: busiest}]")
            .contains("is no number"));
    assertTrue(
        mistakes("alerts: [{name: a, metric: departures, measure: flights, by: [orign]}]")
            .contains("origin"));
    assertTrue(mistakes("alerts: [{name: a, metric: daily}]").contains("'above' or 'below'"));
    assertTrue(mistakes("alerts: [{name: a}]").contains("'metric'"));
    assertTrue(mistakes("alerts: [{name: a, signal: lagg}]").contains("lag"));
    assertTrue(
        mistakes("alerts: [{name: a, signal: lag}, {name: a, signal: lag}]")
            .contains("two alerts"));
    assertTrue(mistakes("notify: [{alertmanager: nowhere}]").contains("an address such as"));
    assertTrue(mistakes("notify: [{severity: info}]").contains("'alertmanager' or 'webhook'"));
    assertTrue(mistakes("maintenance: [{every: noon, at: '2'}]").contains("day of the week"));
    assertTrue(mistakes("maintenance: [{alerts: [a]}]").contains("{from: TIME, to: TIME}"));
  }
}
