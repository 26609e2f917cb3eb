package dev.leat.server;

import dev.leat.alert.Alert;
import dev.leat.alert.Silence;
import dev.leat.event.JsonException;
import dev.leat.query.JsonWriter;
import dev.leat.query.Problem;
import dev.leat.server.DeliveryLog.Entry;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;

/**
 * {@code GET /v1/alerts}: incidents that are open or were of late, who is told, and what was sent.
 * {@code GET}, {@code POST} and {@code DELETE /v1/silences}: of what nobody is to be told for a
 * while.
 */
final class AlertsEndpoint implements HttpService {
  private static final String SILENCES = "/v1/silences";
  private static final int MAX_BODY = 64 << 10;

  private final AlertDesk desk;
  private final InstantSource clock;

  AlertsEndpoint(AlertDesk desk, InstantSource clock) {
    this.desk = desk;
    this.clock = clock;
  }

  @Override
  public void routing(HttpRules rules) {
    rules
        .get("/v1/alerts", (_, response) -> alerts(response))
        .get(SILENCES, (_, response) -> silences(response))
        .post(SILENCES, this::silence)
        .delete(SILENCES + "/{id}", this::unsilence);
  }

  private void alerts(ServerResponse response) {
    AlertDesk.Snapshot snapshot = desk.snapshot();
    JsonText.send(
        response,
        200,
        json -> {
          json.beginObject().field("at", snapshot.at());
          alerts(json.name("open"), snapshot.open());
          alerts(json.name("recent"), snapshot.recent());
          json.field("problems", snapshot.problems()).name("targets").beginArray();
          for (Courier courier : desk.couriers()) {
            json.beginObject()
                .field("url", courier.target().url())
                .field("protocol", word(courier.target().protocol()))
                .field("severity", word(courier.target().least()))
                .field("waiting", courier.waiting())
                .field("circuit", courier.isCircuitOpen() ? "open" : "closed")
                .endObject();
          }
          json.endArray().name("deliveries").beginArray();
          for (Entry entry : desk.log().entries()) {
            json.beginObject()
                .field("at", entry.at())
                .field("target", entry.target())
                .field("what", entry.what())
                .field("attempt", entry.attempt())
                .field("outcome", word(entry.outcome()))
                .field("detail", entry.detail())
                .field("millis", entry.millis())
                .endObject();
          }
          json.endArray().endObject();
        });
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static void alerts(JsonWriter json, List<Alert> alerts) throws IOException {
    json.beginArray();
    for (Alert alert : alerts) {
      AlertJson.write(json, alert);
    }
    json.endArray();
  }

  private void silences(ServerResponse response) {
    List<Silence> all = desk.silences().all();
    JsonText.send(
        response,
        200,
        json -> {
          json.beginObject().name("silences").beginArray();
          for (Silence silence : all) {
            AlertJson.write(json, silence);
          }
          json.endArray().endObject();
        });
  }

  private void silence(ServerRequest request, ServerResponse response) throws IOException {
    byte[] body;
    try (InputStream in = request.content().inputStream()) {
      body = in.readNBytes(MAX_BODY + 1);
    }
    if (body.length > MAX_BODY) {
      Problem.of(
              Status.REQUEST_ENTITY_TOO_LARGE_413,
              "TOO_LARGE",
              "The body may have %d bytes".formatted(MAX_BODY))
          .send(response);
      return;
    }
    try {
      Instant now = clock.instant();
      SilenceRequest wanted = SilenceRequest.of(Json.parse(body), now);
      Silence made =
          desk.silences()
              .add(
                  wanted.alert(),
                  wanted.labels(),
                  wanted.from(),
                  wanted.to(),
                  wanted.by(),
                  wanted.why());
      desk.keep();
      JsonText.send(response, 201, json -> AlertJson.write(json, made));
    } catch (JsonException | IllegalArgumentException wrong) {
      Problem.of(Status.BAD_REQUEST_400, "INVALID", String.valueOf(wrong.getMessage()))
          .send(response);
    } catch (IllegalStateException tooMany) {
      Problem.of(Status.CONFLICT_409, "TOO_MANY", String.valueOf(tooMany.getMessage()))
          .send(response);
    }
  }

  private void unsilence(ServerRequest request, ServerResponse response) throws IOException {
    String id = request.path().pathParameters().get("id");
    if (id.matches("\\d{1,18}") && desk.silences().remove(Long.parseLong(id))) {
      desk.keep();
      response.status(Status.NO_CONTENT_204).send();
      return;
    }
    Problem.of(Status.NOT_FOUND_404, "NOT_FOUND", "There is no silence '%s'".formatted(id))
        .send(response);
  }
}
