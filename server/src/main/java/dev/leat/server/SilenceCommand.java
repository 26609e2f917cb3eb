package dev.leat.server;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code leat alerts silence}. */
@Command(
    name = "silence",
    mixinStandardHelpOptions = true,
    description = "Have nobody told of an alert for a while; it is still seen and listed.",
    footer = {
      "",
      "  leat alerts silence ingest --for 2h",
      "  leat alerts silence few_departures --label origin=LAS --for 1d --why 'the strike'"
    })
final class SilenceCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Mixin private ServerUrl server;
  @Mixin private ReportFormat format;

  @Parameters(
      paramLabel = "ALERT",
      arity = "0..1",
      defaultValue = "",
      description = "the alert; all of them without one")
  private String alert = "";

  @Option(names = "--for", paramLabel = "DURATION", required = true, description = "as 30m, 2h, 7d")
  private String length = "";

  @Option(
      names = "--label",
      paramLabel = "LABEL=VALUE",
      description = "only series with this value; may be given several times")
  private Map<String, String> labels = new LinkedHashMap<>();

  @Option(names = "--by", paramLabel = "NAME", description = "who you are")
  private @Nullable String by;

  @Option(names = "--why", paramLabel = "TEXT", description = "for the others")
  private @Nullable String why;

  @Override
  public Integer call() throws InterruptedException {
    byte[] body =
        JsonText.bytes(
            json -> {
              json.beginObject().field("alert", alert).field("labels", labels).field("for", length);
              if (by != null) {
                json.field("by", by);
              }
              if (why != null) {
                json.field("why", why);
              }
              json.endObject();
            });
    Map<String, @Nullable Object> made =
        server.talk(
            client ->
                client
                    .post(
                        AlertsCommand.SILENCES,
                        "application/json",
                        body,
                        body.length,
                        Map.of(),
                        PATIENCE)
                    .json(201));
    if (format.isJson()) {
      format.printJson(made);
    } else {
      format.out().printf("Silence %s lasts until %s.%n", made.get("id"), made.get("to"));
      format.out().flush();
    }
    return 0;
  }
}
