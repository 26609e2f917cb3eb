package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code leat metrics}. */
@Command(
    name = "metrics",
    mixinStandardHelpOptions = true,
    description = {
      "List the metrics of a running server: how far they have come, and where events went.",
      "With a command: show results, compute them anew, or compare them with the stored rows."
    },
    subcommands = {
      MetricShowCommand.class,
      MetricRecomputeCommand.class,
      MetricVerifyCommand.class
    },
    footer = {
      "",
      "  leat metrics",
      "  leat metrics show departures --from -1d --by origin --where carrier=UA",
      "  leat metrics verify departures --from -7d --to -1d"
    })
final class MetricsCommand implements Callable<Integer> {
  private static final String PATH = "/v1/metrics";
  private static final List<String> COLUMNS =
      List.of(
          "metric",
          "stream",
          "window",
          "watermark",
          "final before",
          "series",
          "counted",
          "late",
          "too late",
          "ahead",
          "pending",
          "overflow");
  private static final List<String> TEXTS =
      List.of("name", "stream", "window", "watermark", "finalBefore");
  private static final List<String> COUNTS =
      List.of("counted", "late", "tooLate", "ahead", "pending", "overflow");

  @Mixin private ServerUrl server;
  @Mixin private ReportFormat format;

  /** Where a metric is found. */
  static String path(String metric) {
    return PATH + "/" + URLEncoder.encode(metric, UTF_8).replace("+", "%20");
  }

  @Override
  public Integer call() throws InterruptedException {
    Map<String, @Nullable Object> answer = server.get(PATH);
    if (format.isJson()) {
      format.printJson(answer);
    } else {
      print(Json.asList(answer.get("metrics")));
    }
    return 0;
  }

  private void print(List<?> metrics) {
    PrintWriter out = format.out();
    if (metrics.isEmpty()) {
      out.println("The definition has no metrics; docs/metrics.md says how to write one.");
    } else {
      Table.of(COLUMNS, metrics.stream().map(metric -> row(Json.asObject(metric))).toList())
          .print(out);
    }
    for (Object metric : metrics) {
      Map<String, @Nullable Object> members = Json.asObject(metric);
      String detail = text(members, "detail");
      if (!detail.isEmpty()) {
        out.println(text(members, "name") + ": " + detail);
      }
    }
    out.flush();
  }

  private static List<Object> row(Map<String, @Nullable Object> metric) {
    List<Object> row = new ArrayList<>();
    TEXTS.forEach(name -> row.add(text(metric, name)));
    row.add(Json.asLong(metric.get("series"), 0));
    Map<String, @Nullable Object> counts = Json.asObject(metric.get("counts"));
    COUNTS.forEach(name -> row.add(Json.asLong(counts.get(name), 0)));
    return row;
  }

  private static String text(Map<String, @Nullable Object> object, String name) {
    return Objects.toString(object.get(name), "");
  }
}
