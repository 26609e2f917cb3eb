package dev.leat.server;

import static dev.leat.server.MeterFamilies.BATCHES;
import static dev.leat.server.MeterFamilies.EVENTS;

import dev.leat.collector.CollectorCounts;
import dev.leat.collector.FaultCode;
import dev.leat.event.Balance.Totals;
import dev.leat.event.Histogram;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the rooms tell as families of Prometheus ({@code docs/meters.md} lists them all): everything
 * is read once for a scrape, so that what belongs together fits together. Any thread.
 */
final class HouseMeters implements MultiCollector {
  /** The embedded log is one sequence; a log of several would have a lag in each. */
  private static final Labels ONE_PARTITION = Labels.of("partition", "0");

  /** Answers of the door that are told apart; it has a dozen. */
  private static final int MAX_STATUSES = 30;

  private final Supplier<MeterReading> source;
  private final StreamMeters streams = new StreamMeters();
  private final BoundedNames statuses = new BoundedNames(MAX_STATUSES);

  HouseMeters(Supplier<MeterReading> source) {
    this.source = source;
  }

  @Override
  public synchronized MetricSnapshots collect() {
    MeterReading reading = source.get();
    MeterFamilies families = new MeterFamilies();
    families.truth(
        "leat_ready", "Whether an event sent now would be kept and become a row.", reading.ready());
    door(reading.door(), families);
    requests(reading.requestNanos(), families);
    log(reading.log(), families);
    engine(reading, families);
    commits(reading, families);
    deadLetters(reading, families);
    balance(reading, families);
    store(reading, families);
    streams.add(reading, families);
    machine(reading.machine(), families);
    return families.build();
  }

  private void door(CollectorCounts door, MeterFamilies families) {
    families.counters(
        "leat_collector_events",
        EVENTS,
        "Events that came in, by whether they were accepted.",
        Map.of(
            Labels.of("result", "accepted"), door.acceptedEvents(),
            Labels.of("result", "refused"), door.refusedEvents()));
    Map<Labels, Long> refused = new HashMap<>();
    for (FaultCode code : FaultCode.values()) {
      refused.put(Labels.of("reason", code.text()), door.refused().getOrDefault(code, 0L));
    }
    families.counters(
        "leat_collector_refused_events",
        EVENTS,
        "Events that were refused, by the first thing wrong.",
        refused);
    Map<Labels, Long> requests = new HashMap<>();
    statuses.meet(door.requests().keySet().stream().map(String::valueOf).toList());
    door.requests()
        .forEach(
            (status, count) ->
                requests.merge(
                    Labels.of("status", statuses.of(String.valueOf(status))), count, Long::sum));
    families.counters(
        "leat_collector_requests",
        null,
        "Answers to requests that brought events, by status.",
        requests);
    families.counter(
        "leat_collector_body_bytes",
        Unit.BYTES,
        "Bodies of requests, as they were sent.",
        door.bodyBytes());
    families.counter(
        "leat_collector_inflated_bytes",
        Unit.BYTES,
        "The same after decompression.",
        door.inflatedBytes());
    families.gauge(
        "leat_collector_in_flight_bytes",
        Unit.BYTES,
        "What requests under way hold.",
        door.inFlightBytes());
  }

  private static void requests(
      Map<RequestTimes.Kind, Histogram.Reading> times, MeterFamilies families) {
    Map<Labels, Histogram.Reading> readings = new HashMap<>();
    times.forEach((kind, reading) -> readings.put(Labels.of("kind", kind.text()), reading));
    families.durations(
        "leat_http_request_duration_seconds", "Requests from head to answer.", readings);
  }

  private static void log(MeterReading.Log log, MeterFamilies families) {
    families.truth("leat_log_writable", "Whether the log takes events.", log.status().writable());
    families.gauge("leat_log_first_offset", null, "Oldest offset kept.", log.firstOffset());
    families.gauge("leat_log_next_offset", null, "Offset of the next event.", log.nextOffset());
    families.gauge(
        "leat_log_size_bytes", Unit.BYTES, "What the log takes on disk.", log.status().bytes());
    families.gauge(
        "leat_log_damaged_events",
        EVENTS,
        "Events that were durable once and can't be read any more.",
        log.status().damagedEvents());
    families.gauge(
        "leat_log_waiting_batches", BATCHES, "Batches that are not durable yet.", log.waiting());
    families.gauge("leat_log_waiting_bytes", Unit.BYTES, "The bytes of those.", log.waitingBytes());
    families.counter(
        "leat_log_appended_bytes", Unit.BYTES, "Events made durable, unpacked.", log.bytes());
    families.durations(
        "leat_log_append_duration_seconds",
        "From handing a batch to the log until it is durable.",
        log.keepNanos());
    families.sizes(
        "leat_log_append_events", EVENTS, "Events in the batches kept.", log.batchEvents());
  }

  private static void engine(MeterReading reading, MeterFamilies families) {
    families.truth(
        "leat_engine_running", "Whether events are decided on.", reading.engine().running());
    families.gauges(
        "leat_engine_lag_events",
        EVENTS,
        "Durable events that queries do not see yet.",
        Map.of(ONE_PARTITION, reading.engine().lag()));
    families.sizes(
        "leat_engine_batch_events",
        EVENTS,
        "Events in the batches decided on; one force of the log covers a batch.",
        reading.measures().batchEvents());
    families.durations(
        "leat_engine_decide_duration_seconds",
        "Deciding on a batch, until its rows show.",
        reading.measures().decideNanos());
    stages(reading.measures().stageNanos(), families);
    families.durations(
        "leat_visible_latency_seconds",
        "From the door until queries see the event; of those that are followed.",
        reading.showNanos(),
        reading.traced());
    families.gauge(
        "leat_engine_definition_version",
        null,
        "Version of the definition in force.",
        reading.engine().definitionVersion());
    families.gauge(
        "leat_engine_definition_problems",
        null,
        "What keeps the files of the definition from being in force.",
        reading.definitionProblems());
  }

  private static void stages(Map<String, Histogram.Reading> times, MeterFamilies families) {
    Map<Labels, Histogram.Reading> readings = new HashMap<>();
    times.forEach((stage, reading) -> readings.put(Labels.of("stage", stage), reading));
    families.durations(
        "leat_engine_stage_duration_seconds",
        "What a stage does with an event; of one event in each batch.",
        readings);
  }

  private static void commits(MeterReading reading, MeterFamilies families) {
    families.durations(
        "leat_engine_commit_duration_seconds",
        "Commits: writing files and state, and making them durable.",
        reading.measures().commitNanos());
    families.counter(
        "leat_engine_commit_failures",
        null,
        "Commits that failed; each was tried again.",
        reading.engine().failedCommits());
    families.gauge(
        "leat_engine_uncommitted_bytes",
        Unit.BYTES,
        "Log that was decided on and is in no commit yet.",
        reading.measures().uncommittedBytes());
    families.gauge(
        "leat_engine_uncommitted_events",
        EVENTS,
        "Events that show and are in no commit yet.",
        Math.max(0, reading.store().visibleOffset() - reading.store().committedOffset()));
    families.gauge(
        "leat_engine_checkpoint_timestamp_seconds",
        Unit.SECONDS,
        "When the last commit was made; before the first, when Leat started.",
        reading.store().checkpointSeconds());
  }

  private static void deadLetters(MeterReading reading, MeterFamilies families) {
    Map<Labels, Long> byCause = new HashMap<>();
    reading
        .measures()
        .deadLetters()
        .forEach(
            (cause, count) ->
                byCause.put(Labels.of("reason", cause.reason(), "stage", cause.stage()), count));
    families.counters(
        "leat_dead_letters", null, "Dead letters since the start, by their cause.", byCause);
  }

  private static void balance(MeterReading reading, MeterFamilies families) {
    Totals total = reading.balance().total();
    families.gauges(
        "leat_balance_events",
        EVENTS,
        "Where all events are that were ever accepted.",
        Map.of(
            Labels.of("state", "accepted"), total.accepted(),
            Labels.of("state", "stored"), total.stored(),
            Labels.of("state", "duplicate"), total.duplicates(),
            Labels.of("state", "dead_letter"), total.deadLettered(),
            Labels.of("state", "filtered"), total.filtered(),
            Labels.of("state", "in_flight"), total.inFlight()));
    families.gauge(
        "leat_balance_gap_events", EVENTS, "Accepted events that are nowhere.", total.gap());
    families.truth(
        "leat_balance_holds",
        "Whether log, verdicts and tables agree and nothing is lost.",
        reading.balance().balanced());
  }

  private static void store(MeterReading reading, MeterFamilies families) {
    families.truth(
        "leat_store_healthy",
        "Whether all tables can be read.",
        reading.store().status().healthy());
    families.gauge(
        "leat_store_visible_offset",
        null,
        "Offset below which queries see every event.",
        reading.store().visibleOffset());
    families.gauge(
        "leat_store_committed_offset",
        null,
        "Offset below which every row is durable.",
        reading.store().committedOffset());
  }

  private static void machine(MeterReading.Machine machine, MeterFamilies families) {
    families.info("leat_build", "The version.", Labels.of("version", machine.version()));
    families.known(
        "leat_disk_size_bytes", Unit.BYTES, "Disk of the data directory.", machine.diskBytes());
    families.known(
        "leat_disk_free_bytes",
        Unit.BYTES,
        "What Leat may still use of it.",
        machine.diskFreeBytes());
    families.gauge("leat_process_cpus", null, "Processors that Leat may use.", machine.cpus());
    if (machine.cpuSeconds() >= 0) {
      families.counter(
          "process_cpu_seconds", Unit.SECONDS, "Processor time taken.", machine.cpuSeconds());
    }
    families.gauge(
        "process_start_time_seconds", Unit.SECONDS, "When it started.", machine.startSeconds());
    families.known(
        "process_resident_memory_bytes",
        Unit.BYTES,
        "Memory in use, outside of the heap included.",
        machine.residentBytes());
    families.known("process_open_fds", null, "Open file descriptors.", machine.openFiles());
    families.known("process_max_fds", null, "How many there may be.", machine.maxFiles());
  }
}
