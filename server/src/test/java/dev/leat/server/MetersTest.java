package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code GET /metrics} of a live house: what it says, and that docs/meters.md says the same. */
class MetersTest {
  private static final Path DOCS = Path.of("../docs/meters.md");
  private static final String NOW_AND_THEN = "*now and then*";

  @TempDir private Path directory;

  /** A row of the table. */
  private record Row(String type, Set<String> labels, boolean nowAndThen) {}

  @Test
  void tellsWhatHasHappened() throws Exception {
    try (MeteredHouse house = MeteredHouse.open(directory)) {
      Exposition told = house.live();
      Map<String, Double> expected =
          Map.ofEntries(
              Map.entry("leat_ready", 1.0),
              Map.entry("leat_collector_events_total{result=\"accepted\"}", 6.0),
              Map.entry("leat_collector_events_total{result=\"refused\"}", 1.0),
              Map.entry("leat_collector_refused_events_total{reason=\"empty-attribute\"}", 1.0),
              Map.entry("leat_collector_requests_total{status=\"202\"}", 2.0),
              Map.entry("leat_collector_requests_total{status=\"400\"}", 1.0),
              Map.entry("leat_http_request_duration_seconds_count{kind=\"events\"}", 3.0),
              Map.entry("leat_log_append_events_count", 2.0),
              Map.entry("leat_log_append_events_sum", 6.0),
              Map.entry("leat_log_append_events_bucket{le=\"2.0\"}", 1.0),
              Map.entry("leat_log_append_events_bucket{le=\"5.0\"}", 2.0),
              Map.entry("leat_log_waiting_batches", 0.0),
              Map.entry("leat_log_waiting_bytes", 0.0),
              Map.entry("leat_engine_lag_events{partition=\"0\"}", 0.0),
              Map.entry("leat_engine_batch_events_sum", 7.0), // and the definition
              Map.entry("leat_dead_letters_total{reason=\"rule-broken\",stage=\"rule\"}", 1.0),
              Map.entry("leat_stream_events_total{stream=\"orders\",verdict=\"stored\"}", 3.0),
              Map.entry("leat_stream_events_total{stream=\"orders\",verdict=\"duplicate\"}", 1.0),
              Map.entry("leat_stream_events_total{stream=\"orders\",verdict=\"dead_letter\"}", 1.0),
              Map.entry("leat_stream_events_total{stream=\"orders\",verdict=\"filtered\"}", 1.0),
              Map.entry("leat_stream_open_dead_letters{stream=\"orders\"}", 1.0),
              Map.entry("leat_balance_events{state=\"stored\"}", 3.0),
              Map.entry("leat_balance_gap_events", 0.0),
              Map.entry("leat_balance_holds", 1.0));
      Map<String, Double> found = new TreeMap<>();
      expected.keySet().forEach(sample -> found.put(sample, told.value(sample)));
      assertEquals(new TreeMap<>(expected), found, told.text());
      double now = System.currentTimeMillis() / 1e3;
      double commit = told.value("leat_engine_checkpoint_timestamp_seconds");
      assertTrue(commit > told.value("process_start_time_seconds") && commit <= now, "" + commit);
      assertEquals(
          told.value("leat_collector_events_total{result=\"refused\"}"),
          told.sum("leat_collector_refused_events_total"));
    }
  }

  @Test
  void speaksTheFormatThatTheReaderPrefers() throws Exception {
    try (MeteredHouse house = MeteredHouse.open(directory)) {
      HttpResponse<String> plain = house.scrape("*/*");
      assertTrue(type(plain).startsWith("text/plain; version=0.0.4"), type(plain));
      assertTrue(plain.body().contains("# TYPE leat_collector_events_total counter"));
      // As Prometheus asks.
      HttpResponse<String> open =
          house.scrape("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5");
      assertTrue(type(open).startsWith("application/openmetrics-text; version=1.0.0"), type(open));
      assertTrue(open.body().contains("# TYPE leat_collector_events counter"), open.body());
      assertTrue(open.body().contains("# UNIT leat_collector_events events"), open.body());
      assertTrue(open.body().endsWith("# EOF\n"), open.body());
      // There is no trace to point to.
      assertTrue(open.body().lines().noneMatch(line -> line.contains(" # {")), open.body());
    }
  }

  private static String type(HttpResponse<String> answer) {
    return answer.headers().firstValue("Content-Type").orElse("");
  }

  @Test
  void theDocumentationNamesExactlyWhatThereIs() throws Exception {
    Map<String, Row> documented = documented();
    try (MeteredHouse house = MeteredHouse.open(directory)) {
      Exposition told = house.live();
      Map<String, String> expected = new TreeMap<>();
      documented.forEach(
          (name, row) -> {
            if (!row.nowAndThen() || told.types().containsKey(name)) {
              expected.put(name, row.type() + " " + row.labels());
            }
          });
      Map<String, String> found = new TreeMap<>();
      told.types().forEach((name, type) -> found.put(name, type + " " + told.labels().get(name)));
      assertEquals(lines(expected), lines(found));
    }
  }

  private static String lines(Map<String, String> families) {
    return families.entrySet().stream()
        .map(each -> each.getKey() + " " + each.getValue())
        .collect(Collectors.joining("\n"));
  }

  private static Map<String, Row> documented() throws Exception {
    Map<String, Row> rows = new TreeMap<>();
    try (BufferedReader docs = Files.newBufferedReader(DOCS, UTF_8)) {
      docs.lines()
          .filter(line -> line.matches("\\| `[a-z_]+` \\| (gauge|counter|histogram|summary) .*"))
          .forEach(
              line -> {
                String[] cells = line.split("\\|", -1);
                Set<String> labels = new TreeSet<>();
                Arrays.stream(cells[3].split(",", -1))
                    .map(String::strip)
                    .filter(label -> !label.isEmpty())
                    .forEach(labels::add);
                Row row = new Row(cells[2].strip(), labels, cells[4].contains(NOW_AND_THEN));
                assertEquals(null, rows.put(cells[1].strip().replace("`", ""), row), line);
              });
    }
    assertTrue(rows.size() > 50, rows.toString());
    return rows;
  }
}
