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
      throw new IOException(reply.problem());
    }
    return Json.object(reply.body());
  }

  /** What became of all events so far. */
  record Decided(
      long accepted,
      long stored,
      long duplicates,
      long deadLettered,
      long filtered,
      boolean balanced) {
    long all() {
      return stored + duplicates + deadLettered + filtered;
    }

    /** What came after another state. */
    Decided since(Decided before) {
      return new Decided(
          accepted - before.accepted,
          stored - before.stored,
          duplicates - before.duplicates,
          deadLettered - before.deadLettered,
          filtered - before.filtered,
          balanced);
    }

    String words() {
      return "%,d stored, %,d duplicates, %,d dead letters, %,d filtered"
          .formatted(stored, duplicates, deadLettered, filtered);
    }
  }

  static Decided decided(LeatClient client) throws IOException, InterruptedException {
    Map<String, @Nullable Object> balance = Json.object(client.get("/v1/balance", TIMEOUT).body());
    return new Decided(
        Json.asLong(balance.get("accepted"), -1),
        Json.asLong(balance.get("stored"), -1),
        Json.asLong(balance.get("duplicates"), -1),
        Json.asLong(balance.get("deadLettered"), -1),
        Json.asLong(balance.get("filtered"), -1),
        Boolean.TRUE.equals(balance.get("balanced")));
  }
}
