package dev.leat.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process, stopped kindly and killed. */
class ProcessTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @TempDir private Path directory;

  @Test
  void sigtermStoresEverythingAndEndsWithZero() throws Exception {
    try (ServerProcess server = ServerProcess.start(directory, null)) {
      try (LeatClient client = new LeatClient(server.url())) {
        post(client, 0, 500);
      }
      server.process().destroy();
      assertTrue(server.process().waitFor(60, TimeUnit.SECONDS), "it does not end");
      assertEquals(0, server.process().exitValue());
    }
    try (ServerProcess again = ServerProcess.start(directory, null);
        LeatClient client = new LeatClient(again.url())) {
      assertEquals(500, ServerState.decided(client).stored());
    }
  }

  @Test
  void whatWasAnsweredBeforeAKillIsThereAfterTheRestart() throws Exception {
    long acked = 0;
    try (ServerProcess server = ServerProcess.start(directory, null);
        LeatClient client = new LeatClient(server.url())) {
      for (int batch = 0; batch < 40; batch++) {
        post(client, acked, 250);
        acked += 250;
      }
      Thread.ofVirtual().start(server.process()::destroyForcibly);
      acked += postUntilItDies(client, acked);
      server.process().waitFor();
    }
    try (ServerProcess again = ServerProcess.start(directory, null);
        LeatClient client = new LeatClient(again.url())) {
      assertTrue(ServerState.awaitVisible(client, TIMEOUT));
      String sql =
          "SELECT count(DISTINCT CAST(id AS BIGINT)) FROM events WHERE CAST(id AS BIGINT) < "
              + acked;
      Object first = ServerState.query(client, sql).getFirst();
      assertEquals(acked, Json.asLong(Json.asList(first).getFirst(), -1));
    }
  }

  private static long postUntilItDies(LeatClient client, long from) throws Exception {
    long acked = 0;
    try {
      while (true) {
        post(client, from + acked, 250);
        acked += 250;
      }
    } catch (HttpTimeoutException stuck) {
      throw stuck;
    } catch (IOException died) {
      return acked;
    }
  }

  private static void post(LeatClient client, long firstId, int count) throws Exception {
    Batch batch = new Batch();
    for (int i = 0; i < count; i++) {
      batch
          .putAscii("{\"specversion\":\"1.0\",\"source\":\"/t\",\"type\":\"t\",\"id\":\"")
          .putLong(firstId + i)
          .putAscii("\"}")
          .endEvent();
    }
    LeatClient.Reply reply =
        client.post(
            "/v1/events", "application/x-ndjson", batch.bytes(), batch.length(), Map.of(), TIMEOUT);
    assertEquals(202, reply.status(), reply.text());
  }
}
