package dev.leat.server;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The results of a metric for the terminal. */
final class MetricTable {
  private final Map<String, @Nullable Object> answer;
  private final List<String> labels;
  private final List<String> measures;
  private final List<List<@Nullable Object>> rows = new ArrayList<>();

  /** From the answer of {@code GET /v1/metrics/{name}}. */
  MetricTable(Map<String, @Nullable Object> answer) {
    this.answer = answer;
    this.labels = Json.asList(answer.get("labels")).stream().map(Object::toString).toList();
    this.measures = names(answer.get("measures"));
    for (Object series : Json.asList(answer.get("series"))) {
      Map<String, @Nullable Object> members = Json.asObject(series);
      Map<String, @Nullable Object> values = Json.asObject(members.get("labels"));
      for (Object point : Json.asList(members.get("points"))) {
        rows.add(row(values, Json.asObject(point)));
      }
    }
  }

  private static List<String> names(@Nullable Object measures) {
    return Json.asList(measures).stream()
        .map(measure -> Objects.toString(Json.asObject(measure).get("name"), ""))
        .toList();
  }

  private List<@Nullable Object> row(
      Map<String, @Nullable Object> values, Map<String, @Nullable Object> point) {
    List<@Nullable Object> row = new ArrayList<>();
    labels.forEach(label -> row.add(values.get(label)));
    row.add(point.get("start"));
    row.add(point.get("end"));
    measures.forEach(measure -> row.add(readable(point.get(measure))));
    row.add(point.get("revision"));
    row.add(state(point));
    return row;
  }

  /** The items of topk read better than their JSON. */
  private static @Nullable Object readable(@Nullable Object value) {
    return value instanceof List<?> items
        ? items.stream()
            .map(Json::asObject)
            .map(item -> item.get("item") + " " + item.get("count"))
            .collect(Collectors.joining(", "))
        : value;
  }

  private static String state(Map<String, @Nullable Object> point) {
    if (Boolean.TRUE.equals(point.get("final"))) {
      return "final";
    }
    return Json.asLong(point.get("revision"), 0) == 0 ? "open" : "closed";
  }

  void print(PrintWriter out) {
    List<String> columns = new ArrayList<>(labels);
    columns.add("start");
    columns.add("end");
    columns.addAll(measures);
    columns.add("revision");
    columns.add("state");
    Table.of(columns, rows).print(out);
    out.flush();
  }

  /** In a sentence: how many, how fresh, and what is not exact. */
  String summary() {
    int series = Json.asList(answer.get("series")).size();
    List<String> approximate = names(answer.get("approximate"));
    return "%d result%s in %d series, watermark %s, as of position %s%s"
        .formatted(
            rows.size(),
            rows.size() == 1 ? "" : "s",
            series,
            answer.get("watermark"),
            Json.asObject(answer.get("asOf")).get("position"),
            approximate.isEmpty()
                ? ""
                : "; nearly exact, within the bounds of -o json: "
                    + String.join(", ", approximate));
  }
}
