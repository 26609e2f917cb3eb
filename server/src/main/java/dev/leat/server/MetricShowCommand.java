package dev.leat.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code leat metrics show}. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Show the results of a metric, a line for each window of each series.",
    footer = {
      "",
      "  leat metrics show departures --from -1d --step 6h --by origin",
      "  leat metrics show departures --from 2001-01-01T00:00:00Z --to 2001-02-01T00:00:00Z -o csv"
    })
final class MetricShowCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @Spec private CommandSpec spec;
  @Mixin private ServerUrl server;

  @Parameters(paramLabel = "NAME", description = "the metric")
  private String name = "";

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "windows that begin then or later: RFC 3339, or -1h, -7d for so long ago")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "TIME", description = "windows that begin before")
  private @Nullable String to;

  @Option(
      names = "--step",
      paramLabel = "DURATION",
      description = "how far apart the results are, as 6h; default: the metric's own step")
  private @Nullable String step;

  @Option(
      names = "--by",
      paramLabel = "LABELS",
      description = "divide by these labels only, with commas between them; '' for none")
  private @Nullable String by;

  @Option(
      names = "--where",
      paramLabel = "LABEL=VALUE",
      description = "only series with this value; may be given several times")
  private List<String> where = new ArrayList<>();

  @Option(
      names = "--value",
      paramLabel = "VALUE",
      description = "what measures of frequency are asked for")
  private @Nullable String value;

  @Option(
      names = "--after",
      paramLabel = "POSITION",
      description = "wait until the event at this position is in, to see what you sent")
  private @Nullable Long after;

  @Option(
      names = {"-o", "--output"},
      description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}",
      defaultValue = "table")
  private SqlCommand.Format format = SqlCommand.Format.TABLE;

  @Override
  public Integer call() throws InterruptedException {
    return server.talk(this::ask);
  }

  private int ask(LeatClient client) throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        client.stream(MetricsCommand.path(name) + query(), headers(), PATIENCE);
    try (InputStream in = response.body()) {
      if (response.statusCode() != 200) {
        throw LeatClient.read(response, in).failure();
      }
      if (format == SqlCommand.Format.TABLE) {
        MetricTable table = new MetricTable(Json.object(LeatClient.read(in)));
        table.print(spec.commandLine().getOut());
        spec.commandLine().getErr().println(table.summary());
      } else {
        OutputStream out = System.out;
        in.transferTo(out);
        out.flush();
      }
    }
    return 0;
  }

  private QueryString query() {
    QueryString query =
        new QueryString().add("from", from).add("to", to).add("step", step).add("by", by);
    where.forEach(condition -> query.add("where", condition));
    return query.add("value", value);
  }

  private Map<String, String> headers() {
    Map<String, String> headers = new HashMap<>();
    headers.put("Accept", format.mediaType);
    if (after != null) {
      headers.put("Leat-After", after.toString());
    }
    return headers;
  }
}
