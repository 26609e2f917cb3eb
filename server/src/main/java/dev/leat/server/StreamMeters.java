package dev.leat.server;

import static dev.leat.server.MeterFamilies.EVENTS;

import dev.leat.engine.EngineMeasures.Verdicts;
import dev.leat.event.Balance;
import dev.leat.event.EventStore.TableStatus;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is told of each stream and each table, up to a number of them; the rest share {@link
 * BoundedNames#OTHER}. For one thread at a time.
 */
final class StreamMeters {
  static final int MAX_STREAMS = 100;

  /** Those of the streams, the system's, and views. */
  static final int MAX_TABLES = 110;

  private final BoundedNames streams = new BoundedNames(MAX_STREAMS);
  private final BoundedNames tables = new BoundedNames(MAX_TABLES);

  void add(MeterReading reading, MeterFamilies families) {
    streams.meet(reading.measures().streams().keySet());
    streams.meet(reading.balance().streams().keySet());
    verdicts(reading.measures().streams(), families);
    open(reading.balance(), families);
    List<TableStatus> stored = reading.store().status().tables();
    tables.meet(stored.stream().map(TableStatus::name).toList());
    tables(stored, families);
  }

  private void verdicts(Map<String, Verdicts> verdicts, MeterFamilies families) {
    Map<Labels, Long> events = new HashMap<>();
    Map<Labels, Long> again = new HashMap<>();
    verdicts.forEach(
        (name, counts) -> {
          String stream = streams.of(name);
          add(events, counts.stored(), "stream", stream, "verdict", "stored");
          add(events, counts.duplicates(), "stream", stream, "verdict", "duplicate");
          add(events, counts.deadLettered(), "stream", stream, "verdict", "dead_letter");
          add(events, counts.filtered(), "stream", stream, "verdict", "filtered");
          add(again, counts.sentAgain(), "stream", stream);
        });
    families.counters(
        "leat_stream_events", EVENTS, "Events decided on since the start, by verdict.", events);
    families.counters(
        "leat_stream_resent_events",
        EVENTS,
        "Dead letters that were sent again since the start.",
        again);
  }

  private void open(Balance balance, MeterFamilies families) {
    Map<Labels, Long> open = new HashMap<>();
    balance
        .streams()
        .forEach((name, totals) -> add(open, totals.deadLettered(), "stream", streams.of(name)));
    families.gauges(
        "leat_stream_open_dead_letters", null, "Dead letters that nobody has sent again.", open);
  }

  private void tables(List<TableStatus> stored, MeterFamilies families) {
    Map<Labels, Long> rows = new HashMap<>();
    Map<Labels, Long> files = new HashMap<>();
    Map<Labels, Long> bytes = new HashMap<>();
    Map<Labels, Long> payload = new HashMap<>();
    for (TableStatus each : stored) {
      String table = tables.of(each.name());
      add(rows, each.hotRows(), "table", table, "tier", "memory");
      add(rows, each.sealedRows(), "table", table, "tier", "files");
      add(files, each.files(), "table", table);
      add(bytes, each.fileBytes(), "table", table);
      add(payload, each.payloadBytes(), "table", table);
    }
    families.gauges("leat_store_rows", null, "Rows by where they are.", rows);
    families.gauges("leat_store_files", null, "Parquet files.", files);
    families.gauges("leat_store_size_bytes", Unit.BYTES, "Size of the Parquet files.", bytes);
    families.gauges(
        "leat_store_payload_bytes",
        Unit.BYTES,
        "What the rows in Parquet files took in the log.",
        payload);
  }

  private static void add(Map<Labels, Long> sums, long value, String... labels) {
    sums.merge(Labels.of(labels), value, Long::sum);
  }
}
