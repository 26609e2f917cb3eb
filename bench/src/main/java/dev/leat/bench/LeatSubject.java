package dev.leat.bench;

import dev.leat.bench.Results.Sums;
import dev.leat.bench.Results.Window;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Leat as it is shipped: started by its launcher, with a definition. */
class LeatSubject implements Subject {
  /** Writes the definition into a directory, and says its file. */
  interface Definition {
    Path write(Path directory) throws IOException;
  }

  private static final int SETTLE_STEPS = 1_200;

  private final Path home;
  private final Definition definition;
  private final boolean shop;
  private final Http http = new Http();
  private @Nullable Daemon server;
  private URI url = URI.create("http://127.0.0.1");

  /**
   * @param home where the launcher is
   * @param shop whether the definition is the shop's, so that it has results to compare
   */
  LeatSubject(Path home, Definition definition, boolean shop) {
    this.home = home;
    this.definition = definition;
    this.shop = shop;
  }

  /** Builds and rehearses what is not yet, as a first start does. */
  @Override
  public void prepare() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(home.resolve("leat").toString(), "--version")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (process.waitFor() != 0) {
      throw new IOException("Leat can't be built");
    }
  }

  @Override
  public void start(Path directory) throws IOException, InterruptedException {
    Path file = definition.write(directory.resolve("definition"));
    server =
        Daemon.start(
            "leat",
            directory,
            List.of(
                home.resolve("leat").toString(),
                "serve",
                "--port",
                "0",
                "--data",
                directory.resolve("data").toString(),
                "--config",
                file.toString()));
    url = URI.create(server.awaitLine("Leat is running at "));
  }

  final URI url() {
    return url;
  }

  @Override
  public Sink sink(boolean paced) throws IOException {
    return new WireSink(url);
  }

  /** What the log has and queries do not see yet has not been decided on. */
  @Override
  public long decided(long acked) throws IOException, InterruptedException {
    String health = http.get(url.resolve("/health/ready"));
    return acked - (Http.number(health, "nextOffset") - Http.number(health, "visibleOffset"));
  }

  @Override
  public Results results(long closedBy) throws IOException, InterruptedException {
    String balance = http.get(url.resolve("/v1/balance"));
    if (!balance.contains("\"balanced\":true")) {
      throw new IOException("no balance: " + balance);
    }
    if (!shop) {
      return new Results(Http.number(balance, "stored"), null, null, null, null, null, null);
    }
    long rows = 0;
    Map<String, Long> byCountry = new TreeMap<>();
    for (String[] row :
        sql("SELECT data.country, count(*), sum(data.amount) FROM orders GROUP BY 1")) {
      rows += Long.parseLong(row[1]);
      byCountry.put(row[0], cents(row[2]));
    }
    return new Results(
        rows,
        byCountry,
        Http.number(balance, "duplicates"),
        Http.number(balance, "deadLettered"),
        cells("sales", "country", closedBy),
        cells("categories", "category", closedBy),
        cells("visits", "\"customerId\"", closedBy));
  }

  private Map<Window, Sums> cells(String metric, String label, long closedBy)
      throws IOException, InterruptedException {
    Map<Window, Sums> cells = new HashMap<>();
    for (String[] row :
        sql(
            "SELECT epoch_ms(\"start\"), epoch_ms(\"end\"), %s, orders, amount FROM %s"
                .formatted(label, metric))) {
      cells.put(
          new Window(Long.parseLong(row[0]), Long.parseLong(row[1]), row[2]),
          new Sums(Long.parseLong(row[3]), cents(row[4])));
    }
    return Results.closed(cells, closedBy);
  }

  private List<String[]> sql(String statement) throws IOException, InterruptedException {
    return Http.rows(
        http.post(
            url.resolve("/v1/sql"),
            statement,
            "Content-Type",
            "text/plain",
            "Accept",
            "text/csv",
            "Leat-Max-Rows",
            "10000000",
            "Leat-Timeout-Ms",
            "300000"));
  }

  private static long cents(String amount) {
    return Math.round(Double.parseDouble(amount) * 100);
  }

  /** Of the files of rows, once all rows are in them. */
  @Override
  public long bytesAtRest() throws IOException, InterruptedException {
    String health = http.get(url.resolve("/health/ready"));
    for (int step = 0; Http.number(health, "hotRows") > 0; step++) {
      if (step == SETTLE_STEPS) {
        throw new IOException("rows stay in memory: " + health);
      }
      Trial.pause();
      health = http.get(url.resolve("/health/ready"));
    }
    return Http.number(health, "fileBytes");
  }

  @Override
  public List<Daemon> daemons() {
    return server == null ? List.of() : List.of(server);
  }

  @Override
  public void close() {
    Subject.super.close();
    http.close();
  }
}
