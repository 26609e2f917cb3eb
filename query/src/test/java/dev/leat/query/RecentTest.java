package dev.leat.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.EventStore.Answer;
import dev.leat.event.EventStore.Question;
import dev.leat.event.TableSpec;
import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecentTest {
  private final LoopbackServer server = new LoopbackServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void tellsHowTheLatestEventsSpread() throws Exception {
    server.store.visible = 60_043;
    server.store.define(new TableSpec("orders", true, false, null, null));
    server.store.script =
        (question, receiver) -> {
          Instant at = Instant.parse("2026-01-02T03:04:05Z");
          if (question.sql().contains("GROUP BY shard")) {
            receiver.row(new Object[] {0, 30L});
            receiver.row(new Object[] {1, 10L});
          } else if (question.sql().contains("GROUP BY key")) {
            receiver.row(new Object[] {"customer-1", 1, 7L});
          } else {
            receiver.row(new Object[] {40L, at, at, at, 9L});
          }
          return new Answer.Rows(1, false, FakeStore.FRESH);
        };
    String expected =
        "{\"stream\":\"orders\",\"events\":40,\"firstReceived\":\"2026-01-02T03:04:05Z\","
            + "\"lastReceived\":\"2026-01-02T03:04:05Z\",\"latestTime\":\"2026-01-02T03:04:05Z\","
            + "\"distinctKeys\":9,\"partitions\":[{\"shard\":0,\"events\":30},{\"shard\":1,\"events\":10}],"
            + "\"keys\":[{\"key\":\"customer-1\",\"shard\":1,\"events\":7}],"
            + "\"asOf\":{\"position\":\"42\",\"commit\":5,\"time\":\"2026-01-02T03:04:05Z\"}}\n";
    assertEquals(expected, server.get("/v1/streams/orders/recent").body());
    // It looks at the end of the log only, and the next who asks costs nothing.
    for (Question question : server.store.questions) {
      assertTrue(question.sql().contains("log_offset >= 10043"), question.sql());
    }
    int asked = server.store.questions.size();
    assertEquals(expected, server.get("/v1/streams/orders/recent").body());
    assertEquals(asked, server.store.questions.size());
  }

  @Test
  void saysWhichStreamsThereAre() throws Exception {
    server.store.define(new TableSpec("orders", true, false, null, null));
    HttpResponse<String> answer = server.get("/v1/streams/orers/recent");
    assertEquals(404, answer.statusCode());
    assertTrue(answer.body().contains("there are orders"), answer.body());
  }
}
