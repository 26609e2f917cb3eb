package dev.leat.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.Balance;
import dev.leat.event.Balance.Totals;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BalanceTest {
  private final LoopbackServer server = new LoopbackServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void addsUpInAllAndByStream() throws Exception {
    server.processing.balance =
        new Balance(
            19,
            new Totals(20, 10, 4, 2, 3, 1),
            Map.of("views", new Totals(12, 8, 4, 0, 0, 0), "orders", new Totals(7, 2, 0, 2, 3, 0)),
            0,
            true,
            "");
    HttpResponse<String> answer = server.get("/v1/balance");
    assertEquals(200, answer.statusCode());
    assertEquals("no-store", answer.headers().firstValue("Cache-Control").orElseThrow());
    assertEquals(
        "{\"accepted\":20,\"stored\":10,\"duplicates\":4,\"deadLettered\":2,\"filtered\":3,\"inFlight\":1,"
            + "\"balanced\":true,\"lost\":0,\"gap\":0,\"detail\":\"\",\"position\":\"18\",\"streams\":{"
            + "\"orders\":{\"accepted\":7,\"stored\":2,\"duplicates\":0,\"deadLettered\":2,\"filtered\":3},"
            + "\"views\":{\"accepted\":12,\"stored\":8,\"duplicates\":4,\"deadLettered\":0,\"filtered\":0}}}\n",
        answer.body());
  }

  @Test
  void saysWhatDoesNotAddUp() throws Exception {
    server.processing.balance =
        new Balance(
            0,
            new Totals(20, 10, 4, 2, 0, 1),
            Map.of(),
            2,
            false,
            "2 events of segment 7 are gone");
    String body = server.get("/v1/balance").body();
    assertTrue(
        body.contains(
            "\"balanced\":false,\"lost\":2,\"gap\":3,\"detail\":\"2 events of segment 7 are gone\","
                + "\"position\":null,\"streams\":{}"),
        body);
  }

  @Test
  void takesNoParameters() throws Exception {
    HttpResponse<String> answer = server.get("/v1/balance?stream=orders");
    assertEquals(400, answer.statusCode());
    assertTrue(answer.body().contains("Unknown parameter 'stream'"), answer.body());
  }
}
