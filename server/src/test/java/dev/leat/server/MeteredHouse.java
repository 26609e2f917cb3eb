package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.engine.EngineOptions;
import dev.leat.pipeline.Definition;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A live house to which something of everything has happened: events stored, a copy, a dead letter,
 * one filtered, one refused, a pause for garbage. For one thread.
 */
final class MeteredHouse implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String DEFINITION =
      """
      streams:
        - name: orders
          match: type == 'order'
          rules:
            - {name: costs, check: data.total > 0}
            - {name: no-tests, check: data.total != 7, otherwise: drop}
      """;

  private final Path file;
  private final House house;
  private final HttpClient http = HttpClient.newHttpClient();

  private MeteredHouse(Path file, House house) {
    this.file = file;
    this.house = house;
  }

  static MeteredHouse open(Path directory) throws Exception {
    return open(directory, DEFINITION);
  }

  static MeteredHouse open(Path directory, String definition) throws Exception {
    return open(directory, definition, null);
  }

  static MeteredHouse open(Path directory, String definition, @Nullable TraceOptions traced)
      throws Exception {
    Path file = Files.writeString(directory.resolve("leat.yaml"), definition);
    House house =
        House.open(
            DefinitionFile.read(file)
                .withServer(new Definition.Server("127.0.0.1", 0))
                .withData(directory.resolve("data").toString()),
            file,
            new Machine(UnaryOperator.identity(), InstantSource.system(), MeteredHouse::sizes),
            traced);
    return new MeteredHouse(file, house);
  }

  /** Commits come at once: what they tell is waited for. */
  private static Machine.Sizes sizes(int partitions) {
    Machine.Sizes usual = Machine.Sizes.defaults(partitions);
    EngineOptions engine =
        new EngineOptions(partitions, Duration.ofMillis(200), 96L << 20, 192L << 20);
    return new Machine.Sizes(usual.log(), usual.store(), engine);
  }

  /** Has six events accepted and one refused, and waits until all is told. */
  Exposition live() throws Exception {
    scrape("text/plain"); // What counts pauses begins now.
    System.gc();
    send(202, order("1", 5) + order("2", 6) + order("3", 8) + order("1", 5));
    send(202, order("4", -1) + order("5", 7));
    send(400, order("", 5));
    return await(
        told ->
            told.value("leat_balance_events{state=\"in_flight\"}") == 0
                && told.value("leat_balance_events{state=\"accepted\"}") == 6
                && told.value("leat_visible_latency_seconds_count") > 0
                && told.value("leat_engine_commit_duration_seconds_count") > 0
                && told.types().containsKey("jvm_gc_pause_seconds_max"));
  }

  /** Scrapes until it is as it should be. */
  Exposition await(Predicate<Exposition> condition) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    Exposition told = told();
    while (!condition.test(told)) {
      if (System.nanoTime() > end) {
        throw new AssertionError("it never came to that:\n" + told.text());
      }
      Thread.sleep(50);
      told = told();
    }
    return told;
  }

  Exposition told() throws Exception {
    return Exposition.of(scrape("text/plain").body());
  }

  HttpResponse<String> scrape(String accept) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(house.url() + "/metrics"))
            .timeout(TIMEOUT)
            .header("Accept", accept)
            .build();
    return http.send(request, BodyHandlers.ofString(UTF_8));
  }

  void send(int status, String lines) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(house.url() + "/v1/events"))
            .timeout(TIMEOUT)
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofString(lines))
            .build();
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString(UTF_8));
    if (answer.statusCode() != status) {
      throw new AssertionError(answer.body());
    }
  }

  /** Breaks the definition's file, which stays in force as it was. */
  void breakDefinition() throws Exception {
    Files.writeString(file, "streams: none of this\n");
  }

  static String order(String id, int total) {
    return event(id, "order", total);
  }

  static String event(String id, String type, int total) {
    return "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/t\",\"type\":\"%s\",\"data\":{\"total\":%d}}\n"
        .formatted(id, type, total);
  }

  String address() {
    return "127.0.0.1:" + house.port();
  }

  /** Ends the house; what asks it gets no answer any more. */
  void stop() {
    house.close();
  }

  @Override
  public void close() {
    stop();
    http.close();
  }
}
