package dev.leat.server;

import dev.leat.query.JsonWriter;
import java.io.IOException;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What a run measured. Latencies are in microseconds as recorded.
 *
 * @param eventsPerSecond acknowledged, hence durable
 * @param decidedPerSecond from the first event until the last one is a row that a query sees, or
 *     was decided on otherwise
 * @param full latency of a batch while as many are sent as are taken
 * @param scheduled latency of a batch at half the lower of both rates, from the time it was due
 * @param decided what became of the events of the first phase
 * @param isSound whether everything acknowledged was decided on, and the balance holds
 */
record BenchReport(
    double eventsPerSecond,
    double decidedPerSecond,
    double serverCoreSecondsPerMillion,
    double generatorCoreSecondsPerMillion,
    double scheduledEventsPerSecond,
    Histogram full,
    Histogram scheduled,
    Map<Integer, Histogram> fsync,
    long acked,
    ServerState.Decided decided,
    long pushedBack,
    boolean isSound,
    ServerState before,
    ServerState after) {
  /** About what 500 events of 512 bytes are. */
  private static final int BATCH_KIB = 256;

  void writeTo(JsonWriter json) throws IOException {
    json.beginObject()
        .field("eventsPerSecond", Math.round(eventsPerSecond))
        .field("decidedPerSecond", Math.round(decidedPerSecond))
        .field("serverCoreSecondsPerMillion", rounded(serverCoreSecondsPerMillion))
        .field("generatorCoreSecondsPerMillion", rounded(generatorCoreSecondsPerMillion));
    latency(json.name("ackMillis"), scheduled);
    fsync(json.name("fdatasyncMillis"), histogram());
    json.field("ackAtEventsPerSecond", Math.round(scheduledEventsPerSecond));
    latency(json.name("ackMillisAtFullRate"), full);
    json.name("fdatasyncMillisByKiB").beginObject();
    for (Map.Entry<Integer, Histogram> entry : fsync.entrySet()) {
      fsync(json.name(entry.getKey().toString()), entry.getValue());
    }
    json.endObject()
        .field("acked", acked)
        .field("stored", decided.stored())
        .field("duplicates", decided.duplicates())
        .field("deadLettered", decided.deadLettered())
        .field("filtered", decided.filtered())
        .field("pushedBackBatches", pushedBack)
        .field("sound", isSound)
        .field("heapMaxMb", after.heapMaxMb())
        .field("serverRssMb", after.rssMb())
        .field("gcs", after.collections() - before.collections())
        .field("gcMillis", after.gcMillis() - before.gcMillis())
        .endObject();
  }

  String toText() {
    StringBuilder text = new StringBuilder();
    line(text, "acknowledged, durable", "%,.0f events/s".formatted(eventsPerSecond));
    line(text, "decided, queryable", "%,.0f events/s".formatted(decidedPerSecond));
    line(text, "server", "%.2f core-seconds per million".formatted(serverCoreSecondsPerMillion));
    line(
        text,
        "generator",
        "%.2f core-seconds per million".formatted(generatorCoreSecondsPerMillion));
    line(text, "ack at %,.0f/s".formatted(scheduledEventsPerSecond), percentiles(scheduled));
    line(text, "ack at full rate", percentiles(full));
    fsync.forEach(
        (kib, micros) ->
            line(text, "write + fdatasync, %d KiB".formatted(kib), percentiles(micros)));
    line(
        text,
        "server memory",
        "%d MB resident, %d MB heap allowed, %d collections in %d ms"
            .formatted(
                after.rssMb(),
                after.heapMaxMb(),
                after.collections() - before.collections(),
                after.gcMillis() - before.gcMillis()));
    line(
        text,
        isSound ? "all decided, balanced" : "NOT ALL DECIDED, or no balance",
        "%,d acknowledged: %s; %d batches pushed back"
            .formatted(acked, decided.words(), pushedBack));
    return text.toString();
  }

  private static void line(StringBuilder text, String what, String figure) {
    text.append("%-28s %s%n".formatted(what, figure));
  }

  private static String percentiles(Histogram micros) {
    return "p50 %.2f, p99 %.2f, p99.9 %.2f ms"
        .formatted(millis(micros, 50), millis(micros, 99), millis(micros, 99.9));
  }

  private static void latency(JsonWriter json, Histogram micros) throws IOException {
    json.beginObject()
        .field("p50", millis(micros, 50))
        .field("p99", millis(micros, 99))
        .field("p999", millis(micros, 99.9))
        .endObject();
  }

  private static void fsync(JsonWriter json, Histogram micros) throws IOException {
    json.beginObject()
        .field("p50", millis(micros, 50))
        .field("p99", millis(micros, 99))
        .endObject();
  }

  private Histogram histogram() {
    Histogram micros = fsync.get(BATCH_KIB);
    if (micros == null) {
      throw new IllegalStateException("the probe left %d KiB out".formatted(BATCH_KIB));
    }
    return micros;
  }

  private static double millis(Histogram micros, double percentile) {
    return micros.getValueAtPercentile(percentile) / 1e3;
  }

  private static double rounded(double value) {
    return Math.round(value * 1e3) / 1e3;
  }
}
