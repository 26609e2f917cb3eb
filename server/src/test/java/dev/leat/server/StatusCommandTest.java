package dev.leat.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StatusCommandTest {
  private final FakeServer server = new FakeServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void printsTheReceipt() {
    String receipt =
        "{\"state\":\"stored\",\"stream\":\"orders\",\"position\":\"7\",\"complete\":true,\"steps\":["
            + "{\"position\":\"3\",\"state\":\"dead-letter\",\"stream\":\"orders\",\"detail\":\"schema\"},"
            + "{\"position\":\"7\",\"state\":\"stored\",\"stream\":\"orders\",\"detail\":\"\"}]}";
    FakeServer.Run run =
        server.answer(200, receipt).run("status", "--source", "/shop?a=1&b", "--id", "a b+c");
    assertEquals(
        """
        stored, stream orders, position 7

        position  state        stream  detail
        ────────  ───────────  ──────  ──────
        3         dead-letter  orders  schema
        7         stored       orders
        """,
        run.out());
    assertEquals(0, run.exit());
    assertEquals(
        List.of("GET /v1/events/status?source=%2Fshop%3Fa%3D1%26b&id=a%20b%2Bc"), server.requests);
    run = server.answer(200, receipt).run("status", "--source", "s", "--id", "i", "-o", "json");
    assertEquals(receipt + "\n", run.out());
  }

  @Test
  void anUnknownEventEndsWithOne() {
    String unknown =
        "{\"state\":\"unknown\",\"stream\":null,\"position\":null,\"complete\":false,\"steps\":[]}";
    FakeServer.Run run = server.answer(200, unknown).run("status", "--source", "s", "--id", "i");
    assertEquals(1, run.exit());
    assertEquals(
        "unknown\nThe log holds events that were not looked at yet; there may be more of this one.\n",
        run.out());
    assertEquals("", run.err());
  }

  @Test
  void bothNamesAreNeeded() {
    FakeServer.Run run = server.run("status", "--source", "s");
    assertEquals(2, run.exit());
    assertTrue(run.err().contains("--id"), run.err());
    assertEquals(List.of(), server.requests);
  }
}
