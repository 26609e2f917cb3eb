package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code leat sql}. */
@Command(
    name = "sql",
    mixinStandardHelpOptions = true,
    description = "Ask a running server in SQL.",
    footer = {
      "",
      "  leat sql \"SELECT type, count(*) FROM events GROUP BY type\"",
      "  leat sql -o csv - < report.sql > report.csv"
    })
final class SqlCommand implements Callable<Integer> {
  /** How the rows are printed; what is no table comes from the server as it is. */
  enum Format {
    TABLE("application/json"),
    JSON("application/json"),
    CSV("text/csv"),
    NDJSON("application/x-ndjson");

    final String mediaType;

    Format(String mediaType) {
      this.mediaType = mediaType;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final int MAX_SQL_BYTES = 1 << 20;

  @Spec private CommandSpec spec;
  @Mixin private ServerUrl server;

  @Parameters(paramLabel = "SQL", description = "the statement, or - to read it from stdin")
  private String sql = "";

  @Option(
      names = {"-o", "--output"},
      description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}",
      defaultValue = "table")
  private Format format = Format.TABLE;

  @Option(
      names = "--after",
      paramLabel = "POSITION",
      description = "wait until the event at this position can be seen, to read what you wrote")
  private @Nullable Long after;

  @Option(names = "--max-rows", paramLabel = "N", description = "default: what the server allows")
  private @Nullable Long maxRows;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "how long the statement may run; default ${DEFAULT-VALUE}",
      defaultValue = "30")
  private int timeoutSeconds = 30;

  @Override
  public Integer call() throws InterruptedException {
    return server.talk(this::ask);
  }

  private int ask(LeatClient client) throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        client.stream(
            "/v1/sql",
            body(),
            Map.of("Content-Type", "application/json", "Accept", format.mediaType),
            Duration.ofSeconds(timeoutSeconds + 30L));
    try (InputStream in = response.body()) {
      if (response.statusCode() != 200) {
        throw LeatClient.read(response, in).failure();
      }
      if (format == Format.TABLE) {
        table(LeatClient.read(in));
      } else {
        OutputStream out = System.out;
        in.transferTo(out);
        out.flush();
      }
    }
    return 0;
  }

  private byte[] body() throws IOException {
    String statement = sql.equals("-") ? stdin() : sql;
    return JsonText.bytes(
        json -> {
          json.beginObject().field("sql", statement);
          json.field("timeoutMs", timeoutSeconds * 1_000L);
          if (maxRows != null) {
            json.field("maxRows", maxRows);
          } else if (format == Format.CSV || format == Format.NDJSON) {
            json.field("maxRows", 10_000_000L); // an export is meant whole
          }
          if (after != null) {
            json.field("after", after);
          }
          json.endObject();
        });
  }

  private static String stdin() throws IOException {
    byte[] bytes = System.in.readNBytes(MAX_SQL_BYTES + 1);
    if (bytes.length > MAX_SQL_BYTES) {
      throw new CommandFailure("a statement may have %d bytes".formatted(MAX_SQL_BYTES));
    }
    return new String(bytes, UTF_8);
  }

  private void table(byte[] answer) {
    Map<String, @Nullable Object> json = Json.object(answer);
    PrintWriter out = spec.commandLine().getOut();
    List<?> rows = Json.asList(json.get("rows"));
    new Table(Json.asList(json.get("columns")), rows).print(out);
    out.flush();
    boolean truncated = Boolean.TRUE.equals(json.get("truncated"));
    spec.commandLine()
        .getErr()
        .printf(
            "%d row%s%s, as of position %s%n",
            rows.size(),
            rows.size() == 1 ? "" : "s",
            truncated ? " of more (see --max-rows)" : "",
            Json.asObject(json.get("asOf")).get("position"));
  }
}
