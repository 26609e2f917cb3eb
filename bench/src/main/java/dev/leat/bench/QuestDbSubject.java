package dev.leat.bench;

import dev.leat.bench.Results.Sums;
import dev.leat.bench.Results.Window;
import io.questdb.client.Sender;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * QuestDB takes typed rows over ILP/HTTP from one sender, drops copies by time and id, and keeps a
 * materialised view for the first window.
 */
final class QuestDbSubject implements Subject {
  private static final String TABLE =
      """
      CREATE TABLE orders (
        time TIMESTAMP, id UUID, source SYMBOL, subject VARCHAR, orderId LONG, customerId LONG, country SYMBOL,
        city SYMBOL, currency SYMBOL, amount DOUBLE, items LONG, sku SYMBOL CAPACITY 8192, category SYMBOL,
        channel SYMBOL, payment SYMBOL, coupon SYMBOL, discount LONG, latencyMs LONG, device SYMBOL, browser SYMBOL,
        referrer SYMBOL, firstOrder BOOLEAN, lat DOUBLE, lon DOUBLE)
      TIMESTAMP(time) PARTITION BY HOUR WAL DEDUP UPSERT KEYS(time, id)
      """;

  private static final String VIEW =
      """
      CREATE MATERIALIZED VIEW sales AS (
        SELECT time, country, count() AS n, sum(amount) AS amount FROM orders SAMPLE BY 10s
      ) PARTITION BY DAY
      """;

  private final Path home;
  private final Http http = new Http();
  private final RowCounts counts = new RowCounts();
  private @Nullable Daemon server;
  private int port;

  QuestDbSubject(Path home) {
    this.home = home;
  }

  @Override
  public void start(Path directory) throws IOException, InterruptedException {
    port = Daemon.freePort();
    Path conf = Files.createDirectories(directory.resolve("conf"));
    Files.writeString(
        conf.resolve("server.conf"),
        """
        http.net.bind.to=127.0.0.1:%d
        http.bind.to=127.0.0.1:%1$d
        http.min.enabled=false
        line.tcp.enabled=false
        pg.enabled=false
        telemetry.enabled=false
        """
            .formatted(port));
    server =
        Daemon.start(
            "questdb",
            directory,
            Daemon.java(
                List.of(
                    "-Xmx1g",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "--add-exports=java.base/jdk.internal.math=ALL-UNNAMED",
                    "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
                    "--add-opens=java.base/java.lang=ALL-UNNAMED"),
                Jars.single(home, "questdb"),
                "io.questdb.ServerMain",
                List.of("-d", directory.toString())));
    server.awaitPort(port);
    ask(TABLE);
    ask(VIEW);
  }

  @Override
  public int lanes(int suggested) {
    return 1;
  }

  @Override
  public Sink sink(boolean paced) {
    return new QuestDbSink(
        Sender.fromConfig("http::addr=127.0.0.1:%d;auto_flush=off;".formatted(port)),
        paced,
        counts);
  }

  /** What both the table and the view have. */
  @Override
  public long decided(long acked) throws IOException, InterruptedException {
    long rows = number("SELECT count() FROM orders");
    return Math.min(acked, counts.events(Math.min(rows, number("SELECT sum(n) FROM sales"))));
  }

  private long number(String sql) throws IOException, InterruptedException {
    List<String[]> rows = ask(sql);
    String text = rows.isEmpty() ? "" : rows.getFirst()[0];
    return text.isEmpty() || text.equals("null") ? 0 : Long.parseLong(text);
  }

  @Override
  public Results results(long closedBy) throws IOException, InterruptedException {
    long rows = 0;
    Map<String, Long> byCountry = new TreeMap<>();
    for (String[] row : ask("SELECT country, count(), sum(amount) FROM orders")) {
      rows += Long.parseLong(row[1]);
      byCountry.put(row[0], cents(row[2]));
    }
    Map<Window, Sums> sales = new HashMap<>();
    for (String[] row : ask("SELECT cast(time AS LONG), country, n, amount FROM sales")) {
      long start = Long.parseLong(row[0]) / 1_000;
      sales.put(
          new Window(start, start + ShopOracle.PANE_MILLIS, row[1]),
          new Sums(Long.parseLong(row[2]), cents(row[3])));
    }
    return new Results(rows, byCountry, null, null, Results.closed(sales, closedBy), null, null);
  }

  private static long cents(String amount) {
    return Math.round(Double.parseDouble(amount) * 100);
  }

  private List<String[]> ask(String sql) throws IOException, InterruptedException {
    boolean isQuestion = sql.startsWith("SELECT");
    String query = URLEncoder.encode(sql, StandardCharsets.UTF_8);
    String path = isQuestion ? "exp" : "exec";
    String answer =
        http.get(URI.create("http://127.0.0.1:%d/%s?query=%s".formatted(port, path, query)));
    return isQuestion ? Http.rows(answer) : List.of();
  }

  @Override
  public long bytesAtRest() throws IOException, InterruptedException {
    return number("SELECT sum(diskSize) FROM table_partitions('orders')");
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
