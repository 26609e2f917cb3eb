package dev.leat.server;

import dev.leat.event.JsonException;
import dev.leat.query.JsonWriter;
import dev.leat.server.LeatClient.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became of the events of one run. Safe for any thread. */
final class SendReport {
  private static final int MAX_EXAMPLES = 10;

  private long accepted; // all guarded by this
  private long refused;
  private long lastPosition = -1;
  private final List<Refusal> examples = new ArrayList<>();

  /** A refused event, and what was expected of it. */
  record Refusal(String where, String pointer, String code, String expected, String found) {
    @Override
    public String toString() {
      return "%s: %s %s: expected %s, found %s"
          .formatted(where, pointer.isEmpty() ? "(whole event)" : pointer, code, expected, found);
    }
  }

  /** Takes the server's answer to a batch. */
  synchronized void add(Batch batch, Reply reply) {
    Map<String, @Nullable Object> answer = body(reply);
    boolean kept = reply.status() < 300;
    long good = kept ? Json.asLong(answer.get("accepted"), batch.count()) : 0;
    accepted += good;
    refused += batch.count() - good;
    lastPosition = Math.max(lastPosition, Json.asLong(answer.get("position"), -1));
    addExamples(batch, answer);
    // Of a batch that was kept in part the errors stand with each event.
    for (Object result : good < batch.count() ? Json.asList(answer.get("results")) : List.of()) {
      addExamples(batch, Json.asObject(result));
    }
  }

  private void addExamples(Batch batch, Map<String, @Nullable Object> holder) {
    for (Object error : Json.asList(holder.get("errors"))) {
      if (examples.size() < MAX_EXAMPLES) {
        examples.add(refusal(batch, Json.asObject(error)));
      }
    }
  }

  private static Map<String, @Nullable Object> body(Reply reply) {
    try {
      return Json.object(reply.body());
    } catch (JsonException notOurs) {
      return Map.of();
    }
  }

  private static Refusal refusal(Batch batch, Map<String, @Nullable Object> error) {
    return new Refusal(
        batch.whereIs(Json.asLong(error.get("index"), 0)),
        text(error, "pointer"),
        text(error, "code"),
        text(error, "expected"),
        text(error, "found"));
  }

  private static String text(Map<String, @Nullable Object> error, String name) {
    Object value = error.get(name);
    return value == null ? "" : value.toString();
  }

  synchronized long accepted() {
    return accepted;
  }

  synchronized long refused() {
    return refused;
  }

  /** The position of the last event that was accepted; -1 if none was. */
  synchronized long lastPosition() {
    return lastPosition;
  }

  /** The first refusals. */
  synchronized List<Refusal> examples() {
    return List.copyOf(examples);
  }

  synchronized void writeTo(JsonWriter json, double seconds) throws IOException {
    json.beginObject()
        .field("accepted", accepted)
        .field("refused", refused)
        .field("position", lastPosition < 0 ? null : Long.toString(lastPosition))
        .field("seconds", seconds)
        .field("eventsPerSecond", Math.round(accepted / Math.max(seconds, 1e-9)))
        .name("errors")
        .beginArray();
    for (Refusal refusal : examples) {
      json.beginObject()
          .field("where", refusal.where())
          .field("pointer", refusal.pointer())
          .field("code", refusal.code())
          .field("expected", refusal.expected())
          .field("found", refusal.found())
          .endObject();
    }
    json.endArray().endObject();
  }
}
