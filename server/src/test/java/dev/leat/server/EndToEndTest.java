package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.pipeline.Definition;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole house on a real disk and a real port. */
class EndToEndTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @TempDir private Path directory;

  @Test
  void whatIsAcceptedInAnyModeIsQueryableAtOnceAndAfterARestart() throws Exception {
    String structured = event("s1");
    String position;
    try (House house = open();
        HttpClient http = HttpClient.newHttpClient()) {
      URI events = URI.create(house.url() + "/v1/events");
      accept(http, post(events, "application/cloudevents+json", structured));
      accept(
          http,
          post(
              events,
              "application/cloudevents-batch+json",
              "[" + event("b1") + "," + event("b2") + "]"));
      accept(http, post(events, "application/x-ndjson", event("n1") + "\n" + event("n2") + "\n"));
      accept(
          http,
          post(events, "application/json", "{\"n\":7}")
              .header("ce-specversion", "1.0")
              .header("ce-id", "h1")
              .header("ce-source", "/test")
              .header("ce-type", "test.thing"));
      position =
          accept(
              http,
              HttpRequest.newBuilder(events)
                  .header("Content-Type", "application/x-ndjson")
                  .header("Content-Encoding", "gzip")
                  .POST(BodyPublishers.ofByteArray(gzip(event("z1") + "\n"))));
      assertEquals("7", position); // The definition is the first record of the log.
      assertEquals(List.of("b1", "b2", "h1", "n1", "n2", "s1", "z1"), ids(http, house, position));
      assertEquals(7L, sumOfH1(http, house));
    }
    try (House house = open();
        HttpClient http = HttpClient.newHttpClient()) {
      assertEquals(List.of("b1", "b2", "h1", "n1", "n2", "s1", "z1"), ids(http, house, position));
      String next =
          accept(
              http,
              post(
                  URI.create(house.url() + "/v1/events"),
                  "application/cloudevents+json",
                  event("after")));
      assertEquals("9", next); // So it is at every start.
      assertEquals(8, ids(http, house, next).size());
    }
  }

  @Test
  void healthTellsWhatItSeesAndRefusesWhileStopping() throws Exception {
    try (House house = open();
        LeatClient client = new LeatClient(URI.create(house.url()))) {
      LeatClient.Reply live = client.get("/health/live", TIMEOUT);
      assertEquals(200, live.status());
      assertEquals(
          ProcessHandle.current().pid(), Json.asLong(Json.object(live.body()).get("pid"), -1));
      LeatClient.Reply ready = client.get("/health/ready", TIMEOUT);
      assertEquals(200, ready.status(), ready.text());
      assertTrue(ready.text().contains("\"writable\":true"), ready.text());
    }
  }

  @Test
  void aSecondHouseInTheSameDirectoryIsRefusedInOneSentence() {
    try (House first = open()) {
      CommandFailure refused = assertThrows(CommandFailure.class, this::open);
      assertTrue(refused.getMessage().contains("is in use by another Leat"), refused.getMessage());
      Definition.Server taken = new Definition.Server("127.0.0.1", first.port());
      CommandFailure port =
          assertThrows(
              CommandFailure.class,
              () ->
                  House.open(
                      Definition.DEFAULTS
                          .withServer(taken)
                          .withData(directory.resolve("other").toString())));
      assertTrue(port.getMessage().contains("--port"), port.getMessage());
    }
  }

  private House open() {
    return House.open(
        Definition.DEFAULTS
            .withServer(new Definition.Server("127.0.0.1", 0))
            .withData(directory.resolve("data").toString()));
  }

  private static String event(String id) {
    return "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/test\",\"type\":\"test.thing\",\"data\":{\"n\":1}}"
        .formatted(id);
  }

  private static HttpRequest.Builder post(URI uri, String type, String body) {
    return HttpRequest.newBuilder(uri)
        .header("Content-Type", type)
        .POST(BodyPublishers.ofString(body));
  }

  private static String accept(HttpClient http, HttpRequest.Builder request) throws Exception {
    HttpResponse<byte[]> answer =
        http.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofByteArray());
    Map<String, ?> json = Json.object(answer.body());
    assertEquals(202, answer.statusCode(), () -> json.toString());
    return String.valueOf(json.get("position"));
  }

  private static List<?> ids(HttpClient http, House house, String after) throws Exception {
    return rows(http, house, "SELECT id FROM events ORDER BY id", after).stream()
        .map(row -> Json.asList(row).getFirst())
        .toList();
  }

  private static Object sumOfH1(HttpClient http, House house) throws Exception {
    List<?> rows = rows(http, house, "SELECT data.n FROM events WHERE id = 'h1'", "0");
    return Json.asList(rows.getFirst()).getFirst();
  }

  private static List<?> rows(HttpClient http, House house, String sql, String after)
      throws Exception {
    HttpRequest.Builder request =
        post(URI.create(house.url() + "/v1/sql"), "text/plain", sql).header("Leat-After", after);
    HttpResponse<byte[]> answer =
        http.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofByteArray());
    Map<String, ?> json = Json.object(answer.body());
    assertEquals(200, answer.statusCode(), () -> json.toString());
    return Json.asList(json.get("rows"));
  }

  private static byte[] gzip(String text) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }
}
