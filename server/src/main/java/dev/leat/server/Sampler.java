package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.collector.Collector;
import dev.leat.collector.CollectorCounts;
import dev.leat.engine.Engine;
import dev.leat.engine.EngineStatus;
import dev.leat.event.Balance;
import dev.leat.event.Balance.Totals;
import dev.leat.event.EventLog;
import dev.leat.event.EventStore;
import dev.leat.event.EventStore.TableStatus;
import dev.leat.query.BalanceJson;
import dev.leat.query.JsonWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;

/**
 * One sample of everything, as the dashboard gets it each second (docs/dashboard.md). Counts are
 * totals since the start or ever, so that a reader who missed some loses nothing. For one thread.
 */
final class Sampler {
  /** So many streams are told apart; with more, a sample says so and leaves out the rest. */
  private static final int MAX_STREAMS = 60;

  private final MeasuredLog log;
  private final Collector collector;
  private final EventStore store;
  private final Engine engine;
  private final InstantSource clock;
  private final Path data;
  private final StageLatencies stages = new StageLatencies();
  private final long began = System.nanoTime();

  Sampler(
      MeasuredLog log,
      Collector collector,
      EventStore store,
      Engine engine,
      InstantSource clock,
      Path data) {
    this.log = log;
    this.collector = collector;
    this.store = store;
    this.engine = engine;
    this.clock = clock;
    this.data = data;
  }

  /**
   * Takes one.
   *
   * @param showing how long events took from the door until queries saw them
   */
  byte[] sample(Latency.Reading showing) {
    Latency.Reading keeping = log.keeping().turn();
    Balance balance = engine.balance();
    EventStore.Status stored = store.status();
    return JsonText.of(
            json -> {
              json.beginObject()
                  .field("time", clock.instant().truncatedTo(ChronoUnit.MILLIS))
                  .field("millis", (System.nanoTime() - began) / 1_000_000);
              door(json.name("door"));
              log(json.name("log"), keeping);
              engine(json.name("engine"), showing);
              store(json.name("store"), stored);
              balance(json.name("balance"), balance);
              streams(json.name("streams"), balance, stored);
              Vitals.now().writeTo(json.name("process"));
              MachineLoad.now(data).writeTo(json.name("machine"));
              json.endObject();
            })
        .strip()
        .getBytes(UTF_8);
  }

  private void door(JsonWriter json) throws IOException {
    CollectorCounts counts = collector.counts();
    long requests = counts.requests().values().stream().mapToLong(Long::longValue).sum();
    json.beginObject()
        .field("events", counts.acceptedEvents())
        .field("refused", counts.refusedEvents())
        .field("requests", requests)
        .field("answers", new TreeMap<>(counts.requests()))
        .field("bytes", counts.bodyBytes())
        .field("inFlightBytes", counts.inFlightBytes())
        .endObject();
  }

  private void log(JsonWriter json, Latency.Reading keeping) throws IOException {
    EventLog.Status status = log.status();
    json.beginObject()
        .field("nextOffset", Long.toString(log.nextOffset()))
        .field("firstOffset", Long.toString(log.firstOffset()))
        .field("batches", log.batches())
        .field("bytesIn", log.bytes())
        .field("bytes", status.bytes())
        .field("writable", status.writable())
        .field("detail", status.detail());
    latency(json.name("keeping"), keeping);
    json.endObject();
  }

  private void engine(JsonWriter json, Latency.Reading showing) throws IOException {
    EngineStatus status = engine.status();
    json.beginObject()
        .field("running", status.running())
        .field("detail", status.detail())
        .field("lag", status.lag())
        .field("commits", status.commits())
        .field("failedCommits", status.failedCommits())
        .field("definition", status.definitionVersion());
    latency(json.name("showing"), showing);
    json.name("stages").beginObject();
    for (Map.Entry<String, StageLatencies.Reading> stage :
        stages.turn(engine.measures().stageNanos()).entrySet()) {
      json.name(stage.getKey())
          .beginObject()
          .field("count", stage.getValue().count())
          .field("p50", stage.getValue().p50())
          .field("p99", stage.getValue().p99())
          .endObject();
    }
    json.endObject().endObject();
  }

  private void store(JsonWriter json, EventStore.Status status) throws IOException {
    json.beginObject()
        .field("visibleOffset", Long.toString(store.visibleOffset()))
        .field("healthy", status.healthy())
        .field("detail", status.detail())
        .field("hotRows", status.hotRows())
        .field("sealedRows", status.sealedRows())
        .field("files", status.files())
        .field("bytes", status.fileBytes())
        .field("commit", status.commitVersion())
        .endObject();
  }

  private static void balance(JsonWriter json, Balance balance) throws IOException {
    json.beginObject();
    BalanceJson.total(json, balance);
    json.endObject();
  }

  private static void streams(JsonWriter json, Balance balance, EventStore.Status stored)
      throws IOException {
    json.beginObject();
    int left = MAX_STREAMS;
    for (Map.Entry<String, Totals> stream : new TreeMap<>(balance.streams()).entrySet()) {
      if (left-- == 0) {
        break;
      }
      json.name(stream.getKey()).beginObject();
      BalanceJson.counts(json, stream.getValue());
      json.field("bytes", bytes(stored, stream.getKey())).endObject();
    }
    json.endObject();
  }

  private static long bytes(EventStore.Status stored, String table) {
    return stored.tables().stream()
        .filter(status -> status.name().equals(table))
        .mapToLong(TableStatus::fileBytes)
        .sum();
  }

  private static void latency(JsonWriter json, Latency.Reading reading) throws IOException {
    json.beginObject()
        .field("count", reading.count())
        .field("p50", reading.p50())
        .field("p99", reading.p99())
        .field("max", reading.max())
        .endObject();
  }
}
