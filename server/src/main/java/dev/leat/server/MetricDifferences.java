package dev.leat.server;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where the results of a metric differ from what the stored rows yield, for a person. */
final class MetricDifferences {
  private static final List<String> COLUMNS =
      List.of("series", "start", "measure", "served", "from the rows");
  private static final List<String> TEXTS = List.of("start", "measure", "served", "recomputed");

  private final Map<String, @Nullable Object> answer;

  /** From the answer to a recomputation or verification. */
  MetricDifferences(Map<String, @Nullable Object> answer) {
    this.answer = answer;
  }

  boolean isEmpty() {
    return number("different") == 0;
  }

  /** Prints a sentence, and the differences if there are any. */
  void print(PrintWriter out, String done) {
    out.printf(
        "%,d windows of %s were %s %,d rows in %,d ms; ",
        number("windows"), answer.get("metric"), done, number("rows"), number("millis"));
    if (isEmpty()) {
      out.println("no result differs.");
    } else {
      List<?> shown = Json.asList(answer.get("differences"));
      out.printf("%,d results differ", number("different"));
      out.println(shown.size() < number("different") ? ", among them these:" : ":");
      out.println();
      Table.of(COLUMNS, shown.stream().map(each -> row(Json.asObject(each))).toList()).print(out);
    }
    out.flush();
  }

  private static List<Object> row(Map<String, @Nullable Object> difference) {
    List<Object> row = new ArrayList<>();
    row.add(
        Json.asObject(difference.get("labels")).entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(", ")));
    TEXTS.forEach(name -> row.add(Objects.toString(difference.get(name), "")));
    return row;
  }

  private long number(String name) {
    return Json.asLong(answer.get(name), 0);
  }
}
