package dev.leat.trials;

import dev.leat.server.Main;
import dev.leat.trials.TortureClient.Reply;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Three metrics over three million flights, sent out of order to a server that is killed on the
 * way. For one thread.
 */
final class FlightsTrial {
  private static final Duration PATIENCE = Duration.ofMinutes(30);
  private static final int LOOK_MILLIS = 50;

  private static final String MEASURES =
      "{flights: count(), total: sum(data.delay), mean: avg(data.delay), least: min(data.delay),"
          + " most: max(data.delay), places: distinct(data.destination),"
          + " p90: 'quantile(data.delay, 0.9)', busiest: 'topk(data.destination, 3)'}";

  private final Path file;
  private final Path place;
  private final int kills;
  private final Random chance;
  private final long seed;
  private final Path config;
  private final int port;

  FlightsTrial(Path file, Path place, int partitions, int kills, long seed) throws IOException {
    this.file = file;
    this.place = place;
    this.kills = kills;
    this.seed = seed;
    this.chance = new Random(seed);
    this.config = Files.writeString(place.resolve("leat.yaml"), definition(partitions));
    this.port = freePort();
  }

  private static String definition(int partitions) {
    return """
        log: {partitions: %1$d}
        streams:
          - name: flights
            match: type == 'flight.departed'
            time: {disorder: 1h}
        metrics:
          - name: hourly
            from: flights
            window: {tumbling: 1h}
            by: [data.origin]
            lateness: 1d
            measures: %2$s
          - name: daily
            from: flights
            window: {sliding: 24h, every: 1h}
            by: [data.origin]
            lateness: 1d
            measures: %2$s
          - name: bursts
            from: flights
            window: {session: 30m, key: data.origin}
            lateness: 1d
            measures: %2$s
        """
        .formatted(partitions, MEASURES);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Runs it; whether every value is what the file says. */
  boolean run(PrintWriter out) throws IOException, InterruptedException, SQLException {
    URI url = URI.create("http://127.0.0.1:" + port);
    try (FlightsOracle oracle = new FlightsOracle(place.resolve("oracle.duckdb"), file);
        TortureClient client = new TortureClient(url)) {
      long flights = oracle.flights();
      Path shuffled = oracle.shuffle(place.resolve("shuffled.parquet"), seed);
      Process server = serve();
      Process sender = send(shuffled, url);
      try {
        for (long due : dueKills(flights)) {
          awaitAccepted(client, due, server, sender);
          server.destroyForcibly().waitFor();
          say(out, "killed with %,d accepted".formatted(due));
          server = serve();
        }
        if (sender.waitFor() != 0) {
          throw new IOException("sending failed; see " + place.resolve("send.log"));
        }
        String balance = settle(client, out, flights);
        say(out, balance);
        boolean equal = balance.contains("\"balanced\":true");
        for (String metric : List.of("hourly", "daily", "bursts")) {
          Path results = fetch(client, metric);
          equal &= oracle.compare(metric, results, line -> say(out, line));
        }
        return equal;
      } finally {
        sender.destroyForcibly().waitFor();
        server.destroyForcibly().waitFor();
      }
    }
  }

  private static void say(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }

  /** Where it is killed: all over the way, so that hours and days are open each time. */
  private long[] dueKills(long flights) {
    long[] due = new long[kills];
    Arrays.setAll(due, _ -> flights / 50 + chance.nextLong(flights * 9 / 10));
    Arrays.sort(due);
    return due;
  }

  private void awaitAccepted(TortureClient client, long due, Process server, Process sender)
      throws InterruptedException, IOException {
    while (accepted(client) < due) {
      if (!sender.isAlive()) {
        throw new IOException("sending ended early; see " + place.resolve("send.log"));
      }
      if (!server.isAlive()) {
        throw new IOException("the server ended by itself; see " + place.resolve("serve.log"));
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  /** Zero while the server is not there. */
  private static long accepted(TortureClient client) throws InterruptedException {
    try {
      Reply balance = client.get("/v1/balance", TortureClient.PATIENCE);
      return balance.status() == 200 ? balance.number("accepted") : 0;
    } catch (IOException starting) {
      return 0;
    }
  }

  /** Waits until all is decided on and nothing is to be computed anew; the balance then. */
  private static String settle(TortureClient client, PrintWriter out, long flights)
      throws IOException, InterruptedException {
    Instant begin = Instant.now();
    long shown = 0;
    while (true) {
      Reply balance = client.get("/v1/balance", TortureClient.PATIENCE);
      Reply metrics = client.get("/v1/metrics", TortureClient.PATIENCE);
      long pending = metrics.status() == 200 ? metrics.sum("pending") : Long.MAX_VALUE;
      if (balance.status() == 200
          && balance.number("stored") >= flights
          && balance.number("inFlight") == 0
          && pending == 0) {
        return balance.ok().strip();
      }
      long seconds = Duration.between(begin, Instant.now()).toSeconds();
      if (seconds > PATIENCE.toSeconds()) {
        throw new IOException("not settled after " + PATIENCE + ": " + metrics.body());
      }
      if (seconds / 30 > shown) {
        shown = seconds / 30;
        say(out, "%d s after sending: %d pending".formatted(seconds, pending));
      }
      Thread.sleep(1_000);
    }
  }

  /** All results of a metric, by stretches that a server gives in one answer. */
  private Path fetch(TortureClient client, String metric) throws IOException, InterruptedException {
    Path results = place.resolve(metric + ".ndjson");
    Files.deleteIfExists(results);
    Instant from = Instant.parse("2000-12-30T00:00:00Z");
    Instant end = Instant.parse("2001-07-05T00:00:00Z");
    while (from.isBefore(end)) {
      Instant to = from.plus(Duration.ofDays(5));
      client.download("/v1/metrics/%s?from=%s&to=%s".formatted(metric, from, to), results);
      from = to;
    }
    return results;
  }

  private Process serve() throws IOException {
    return start(
        "serve.log",
        List.of("-Xms256m", "-Xmx1536m", "-XX:MaxDirectMemorySize=512m"),
        List.of(
            "serve",
            "--port",
            Integer.toString(port),
            "--config",
            config.toString(),
            "--data",
            place.resolve("data").toString()));
  }

  private Process send(Path shuffled, URI url) throws IOException {
    return start(
        "send.log",
        List.of("-Xmx512m"),
        List.of(
            "send",
            shuffled.toString(),
            "--url",
            url.toString(),
            "--type",
            "flight.departed",
            "--source",
            "/flights",
            "--time",
            "date",
            "--id",
            "rn"));
  }

  private Process start(String log, List<String> options, List<String> arguments)
      throws IOException {
    List<String> command = Jvm.command(options);
    command.add(Main.class.getName());
    command.addAll(arguments);
    File output = place.resolve(log).toFile();
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(output))
        .start();
  }
}
