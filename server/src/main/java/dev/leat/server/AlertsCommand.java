package dev.leat.server;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code leat alerts}. */
@Command(
    name = "alerts",
    mixinStandardHelpOptions = true,
    description = {
      "Show what is out of the ordinary now, what was of late, and who was told.",
      "With a command: silence alerts for a while, or end a silence."
    },
    subcommands = {SilenceCommand.class, UnsilenceCommand.class},
    footer = {
      "",
      "  leat alerts",
      "  leat alerts silence ingest --for 2h --why 'the importer moves'",
      "  leat alerts unsilence 3"
    })
final class AlertsCommand implements Callable<Integer> {
  static final String SILENCES = "/v1/silences";
  private static final List<String> COLUMNS =
      List.of("id", "alert", "severity", "since", "ended", "held back", "what");
  private static final List<String> SENT =
      List.of("at", "target", "what", "attempt", "outcome", "detail");
  private static final int SHOWN = 20;

  @Mixin private ServerUrl server;
  @Mixin private ReportFormat format;

  @Option(names = "--sent", description = "also list what was sent to whom")
  private boolean sent;

  @Override
  public Integer call() throws InterruptedException {
    Map<String, @Nullable Object> answer = server.get("/v1/alerts");
    if (format.isJson()) {
      format.printJson(answer);
      return 0;
    }
    PrintWriter out = format.out();
    List<?> open = Json.asList(answer.get("open"));
    List<?> recent = Json.asList(answer.get("recent"));
    if (open.isEmpty()) {
      out.println("Nothing is out of the ordinary.");
    } else {
      print(out, open);
    }
    if (!recent.isEmpty()) {
      out.println();
      out.println("Over:");
      print(out, recent.subList(0, Math.min(SHOWN, recent.size())));
    }
    Json.asList(answer.get("problems")).forEach(problem -> out.println("Problem: " + problem));
    for (Object one : Json.asList(answer.get("targets"))) {
      Map<String, @Nullable Object> target = Json.asObject(one);
      if ("open".equals(target.get("circuit"))) {
        out.printf(
            "%s can't be reached; %s wait for it%n", target.get("url"), target.get("waiting"));
      }
    }
    if (sent) {
      out.println();
      Table.of(
              SENT,
              Json.asList(answer.get("deliveries")).stream()
                  .map(entry -> row(Json.asObject(entry), SENT))
                  .toList())
          .print(out);
    }
    out.flush();
    return 0;
  }

  private static void print(PrintWriter out, List<?> alerts) {
    List<String> members = List.of("id", "alert", "severity", "since", "ended", "held", "words");
    Table.of(COLUMNS, alerts.stream().map(alert -> row(Json.asObject(alert), members)).toList())
        .print(out);
  }

  private static List<String> row(Map<String, @Nullable Object> object, List<String> members) {
    return members.stream().map(name -> Objects.toString(object.get(name), "")).toList();
  }
}
