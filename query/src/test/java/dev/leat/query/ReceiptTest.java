package dev.leat.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.Receipt;
import dev.leat.event.Receipt.State;
import dev.leat.event.Receipt.Step;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReceiptTest {
  private final LoopbackServer server = new LoopbackServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void tellsWhereTheEventAndItsCopiesWent() throws Exception {
    server.processing.receipt =
        new Receipt(
            State.STORED,
            "orders",
            7,
            List.of(
                new Step(3, State.DEAD_LETTER, "orders", "schema: /total must be a number"),
                new Step(7, State.STORED, "orders", "sent again"),
                new Step(9, State.DUPLICATE, "orders", "")),
            true);
    HttpResponse<String> answer = server.get("/v1/events/status?source=%2Fshop%3Fa%3D1&id=a%20b");
    assertEquals(
        "{\"state\":\"stored\",\"stream\":\"orders\",\"position\":\"7\",\"complete\":true,\"steps\":["
            + "{\"position\":\"3\",\"state\":\"dead-letter\",\"stream\":\"orders\","
            + "\"detail\":\"schema: /total must be a number\"},"
            + "{\"position\":\"7\",\"state\":\"stored\",\"stream\":\"orders\",\"detail\":\"sent again\"},"
            + "{\"position\":\"9\",\"state\":\"duplicate\",\"stream\":\"orders\",\"detail\":\"\"}]}\n",
        answer.body());
    assertEquals(List.of("/shop?a=1 a b"), server.processing.receipts);
  }

  @Test
  void anUnknownEventIsAnAnswer() throws Exception {
    server.processing.receipt = new Receipt(State.UNKNOWN, null, -1, List.of(), false);
    HttpResponse<String> answer = server.get("/v1/events/status?source=s&id=i");
    assertEquals(200, answer.statusCode());
    assertEquals(
        "{\"state\":\"unknown\",\"stream\":null,\"position\":null,\"complete\":false,\"steps\":[]}\n",
        answer.body());
  }

  @Test
  void namesTheParametersThatAreMissing() throws Exception {
    assertRefused("", "The URL lacks source and id; it should end in ?source=...&id=...");
    assertRefused("?source=s", "The URL lacks id;");
    assertRefused("?source=&id=i", "The URL lacks source;");
    assertRefused("?source=s&id=i&id=j", "'id' is there 2 times");
    assertRefused("?source=s&id=i&stream=x", "Unknown parameter 'stream'; known are source, id");
    assertEquals(List.of(), server.processing.receipts);
  }

  @Test
  void brokenPercentEncodingIsTheAskersMistake() throws Exception {
    assertEquals(400, server.status("/v1/events/status?source=%zz&id=i"));
    assertEquals(400, server.status("/v1/events/status?source=a&id=%4"));
    assertEquals(List.of(), server.processing.receipts);
  }

  private void assertRefused(String query, String part) throws Exception {
    HttpResponse<String> answer = server.get("/v1/events/status" + query);
    assertEquals(400, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains("\"code\":\"INVALID\""), answer.body());
    assertTrue(answer.body().contains(part), answer.body());
  }
}
