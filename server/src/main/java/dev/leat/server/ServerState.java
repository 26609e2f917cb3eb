package dev.leat.server;

import dev.leat.server.LeatClient.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server says about itself, as a client that waits for it needs it.
 *
 * @param accepted events in the log, ever
 * @param visible events that show in queries
 */
record ServerState(
    long pid,
    long accepted,
    long visible,
    long heapMaxMb,
    long rssMb,
    long collections,
    long gcMillis) {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  static ServerState of(LeatClient client) throws IOException, InterruptedException {
    Map<String, @Nullable Object> health = Json.object(client.get("/health/ready", TIMEOUT).body());
    Map<String, @Nullable Object> process = Json.asObject(health.get("process"));
    return new ServerState(
        Json.asLong(health.get("pid"), -1),
        Json.asLong(Json.asObject(health.get("log")).get("nextOffset"), 0),
        Json.asLong(Json.asObject(health.get("store")).get("visibleOffset"), 0),
        Json.asLong(process.get("heapMaxMb"), 0),
        Json.asLong(process.get("rssMb"), 0),
        Json.asLong(process.get("gcs"), 0),
        Json.asLong(process.get("gcMillis"), 0));
  }

  /** Waits until everything accepted by now shows in queries; false if it took too long. */
  static boolean awaitVisible(LeatClient client, Duration patience)
      throws IOException, InterruptedException {
    long target = of(client).accepted();
    long end = System.nanoTime() + patience.toNanos();
    while (of(client).visible() < target) {
      if (System.nanoTime() > end) {
        return false;
      }
      Thread.sleep(Duration.ofMillis(20));
    }
    return true;
  }

  /** The rows of a statement. */
  static List<?> query(LeatClient client, String sql) throws IOException, InterruptedException {
    return Json.asList(answer(client, sql).get("rows"));
  }

  /** A statement's answer, to be printed. */
  static Table table(LeatClient client, String sql) throws IOException, InterruptedException {
    Map<String, @Nullable Object> answer = answer(client, sql);
    return new Table(Json.asList(answer.get("columns")), Json.asList(answer.get("rows")));
  }

  private static Map<String, @Nullable Object> answer(LeatClient client, String sql)
      throws IOException, InterruptedException {
    byte[] body = JsonText.bytes(json -> json.beginObject().field("sql", sql).endObject());
    Reply reply = client.post("/v1/sql", "application/json", body, body.length, Map.of(), TIMEOUT);
    if (reply.status() != 200) {
      throw new IOException(SqlCommand.refusal(reply.status(), reply.body()));
    }
    return Json.object(reply.body());
  }

  static long count(LeatClient client) throws IOException, InterruptedException {
    List<?> rows = query(client, "SELECT count(*) FROM events");
    return Json.asLong(Json.asList(rows.getFirst()).getFirst(), -1);
  }
}
