package dev.leat.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.collector.CollectorCounts;
import dev.leat.collector.FaultCode;
import dev.leat.engine.EngineMeasures;
import dev.leat.engine.EngineStatus;
import dev.leat.event.Balance;
import dev.leat.event.EventLog;
import dev.leat.event.EventStore;
import dev.leat.event.Histogram;
import dev.leat.pipeline.Definition;
import dev.leat.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever comes in, there are not more than 2,000 series, and no count is lost on the way. */
class MeterCeilingTest {
  /** Stated in docs/meters.md. */
  private static final int CEILING = 2_000;

  /** The most that the engine tells apart, and the one that the others share. */
  private static final int CAUSES = 41;

  @TempDir private Path directory;

  @Test
  void thousandsOfStreamsShareTheSeriesThatAreLeft() {
    World world = new World();
    try (Meters meters = new Meters(world::reading)) {
      for (int i = 0; i < 5_000; i++) {
        world.count("stream_" + i, 1 + i % 7);
      }
      for (int i = 0; i < CAUSES; i++) {
        world.causes.put(new EngineMeasures.Failing("stage" + i, "reason" + i), 1L);
      }
      for (int status = 100; status < 600; status++) {
        world.statuses.put(status, 1L);
      }
      Exposition told = told(meters);
      assertTrue(told.samples().size() <= CEILING, told.samples().size() + " series");
      assertTrue(told.samples().size() > CEILING / 2, "the test does not come near the ceiling");
      assertEquals((double) world.total(), told.sum("leat_stream_events_total"));
      assertEquals((double) world.total(), told.sum("leat_store_rows"));
      assertEquals(500, told.sum("leat_collector_requests_total"));
      assertTrue(
          told.value("leat_stream_events_total{stream=\"__other__\",verdict=\"stored\"}") > 0,
          told.text());
    }
  }

  @Test
  void noSeriesEverGoesDownAndNothingIsLost() {
    Seeds.run(
        20,
        (_, chance) -> {
          World world = new World();
          try (Meters meters = new Meters(world::reading)) {
            Map<String, Double> before = new HashMap<>();
            for (int scrape = 0; scrape < 10; scrape++) {
              world.more(chance);
              Exposition told = told(meters);
              assertEquals((double) world.total(), told.sum("leat_stream_events_total"));
              assertTrue(told.samples().size() <= CEILING, told.samples().size() + " series");
              told.samples()
                  .forEach(
                      (sample, value) -> {
                        if (sample.startsWith("leat_stream_events_total")) {
                          assertTrue(value >= before.getOrDefault(sample, 0.0), sample);
                          before.put(sample, value);
                        }
                      });
            }
          }
        });
  }

  @Test
  void aHouseWithAsManyStreamsAsThereMayBeKeepsTheCeiling() throws Exception {
    StringBuilder definition = new StringBuilder("streams:\n");
    StringBuilder events = new StringBuilder();
    int streams = Definition.MAX_STREAMS - 1; // `events` is one.
    for (int i = 0; i < streams; i++) {
      definition.append("  - {name: s%d, match: type == 't%d'}%n".formatted(i, i));
      events.append(MeteredHouse.event("e" + i, "t" + i, i));
    }
    try (MeteredHouse house = MeteredHouse.open(directory, definition.toString())) {
      house.send(202, events.toString());
      Exposition told =
          house.await(now -> now.value("leat_balance_events{state=\"stored\"}") == streams);
      assertEquals(streams, told.sum("leat_stream_events_total"));
      assertEquals(streams, told.sum("leat_store_rows"));
      assertTrue(told.samples().size() <= CEILING, told.samples().size() + " series");
    }
  }

  private static Exposition told(Meters meters) {
    return Exposition.of(new String(meters.scrape(null).text(), StandardCharsets.UTF_8));
  }

  /** Counts that a house might have. */
  private static final class World {
    private static final List<String> STAGES =
        List.of(
            "decode",
            "schema",
            "rule",
            "dedup",
            "correction",
            "entity",
            "enrich",
            "remember",
            "metrics");
    final Map<String, Long> stored = new TreeMap<>();
    final Map<EngineMeasures.Failing, Long> causes = new HashMap<>();
    final Map<Integer, Long> statuses = new HashMap<>();

    void count(String stream, long events) {
      stored.merge(stream, events, Long::sum);
    }

    void more(RandomGenerator chance) {
      int news = chance.nextInt(60);
      for (int i = 0; i < news; i++) {
        count("s" + chance.nextInt(400), chance.nextInt(1, 100));
      }
    }

    long total() {
      return stored.values().stream().mapToLong(Long::longValue).sum();
    }

    MeterReading reading() {
      Histogram.Reading none = Histogram.ofDurations().read();
      Map<String, EngineMeasures.Verdicts> verdicts = new HashMap<>();
      Map<String, Balance.Totals> totals = new HashMap<>();
      List<EventStore.TableStatus> tables = new ArrayList<>();
      stored.forEach(
          (stream, events) -> {
            verdicts.put(stream, new EngineMeasures.Verdicts(events, 0, 0, 0, 0));
            totals.put(stream, new Balance.Totals(events, events, 0, 0, 0, 0));
            tables.add(new EventStore.TableStatus(stream, events, 0, 1, 100, 200));
          });
      Map<RequestTimes.Kind, Histogram.Reading> times = new EnumMap<>(RequestTimes.Kind.class);
      for (RequestTimes.Kind kind : RequestTimes.Kind.values()) {
        times.put(kind, none);
      }
      Map<String, Histogram.Reading> stages = new HashMap<>();
      for (String stage : STAGES) {
        stages.put(stage, Histogram.ofShortDurations().read());
      }
      long all = total();
      return new MeterReading(
          true,
          new CollectorCounts(all, Map.of(FaultCode.TRUNCATED, 1L), statuses, 0, 0, 0),
          new MeterReading.Log(new EventLog.Status(true, "", 0, 0), 0, all, 0, 0, 0, none, none),
          new EngineStatus(true, "", all, 0, 0, 0, 1, "", ""),
          new EngineMeasures(none, none, none, stages, 0, causes, verdicts),
          new Balance(all, new Balance.Totals(all, all, 0, 0, 0, 0), totals, 0, true, ""),
          new MeterReading.Store(
              new EventStore.Status(true, "", all, 0, 1, 1, 1, tables), all, all, 1),
          none,
          null,
          times,
          0,
          new MeterReading.Machine("1", 1, 1, 1, 1, 1, 1, 1, 1));
    }
  }
}
