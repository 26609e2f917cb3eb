package dev.leat.server;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code leat status}. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Show the receipt of an event: where it is now, and where its copies went.",
      "Exits with 1 if the server does not know the event."
    },
    footer = {"", "  leat status --source /shop --id 4711"})
final class StatusCommand implements Callable<Integer> {
  private static final List<String> COLUMNS = List.of("position", "state", "stream", "detail");

  @Mixin private ServerUrl server;
  @Mixin private ReportFormat format;

  @Option(names = "--source", required = true, description = "the event's source")
  private String source = "";

  @Option(names = "--id", required = true, description = "the event's id")
  private String id = "";

  @Override
  public Integer call() throws InterruptedException {
    Map<String, @Nullable Object> receipt =
        server.get("/v1/events/status" + new QueryString().add("source", source).add("id", id));
    if (format.isJson()) {
      format.printJson(receipt);
    } else {
      print(receipt);
    }
    return "unknown".equals(receipt.get("state")) ? 1 : 0;
  }

  private void print(Map<String, @Nullable Object> receipt) {
    PrintWriter out = format.out();
    out.println(sentence(receipt));
    List<List<Object>> rows = new ArrayList<>();
    for (Object step : Json.asList(receipt.get("steps"))) {
      Map<String, @Nullable Object> members = Json.asObject(step);
      rows.add(
          COLUMNS.stream().map(name -> (Object) Objects.toString(members.get(name), "")).toList());
    }
    if (!rows.isEmpty()) {
      out.println();
      Table.of(COLUMNS, rows).print(out);
    }
    if (Boolean.FALSE.equals(receipt.get("complete"))) {
      out.println(
          "The log holds events that were not looked at yet; there may be more of this one.");
    }
    out.flush();
  }

  private static String sentence(Map<String, @Nullable Object> receipt) {
    Object stream = receipt.get("stream");
    Object position = receipt.get("position");
    return receipt.get("state")
        + (stream == null ? "" : ", stream " + stream)
        + (position == null ? "" : ", position " + position);
  }
}
