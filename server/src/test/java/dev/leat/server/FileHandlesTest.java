package dev.leat.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** More connections than the system has handles for. */
@Timeout(180)
class FileHandlesTest {
  private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");
  private static final int HANDLES = 256;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @TempDir private Path directory;

  @Test
  void aFloodOfConnectionsShutsNobodyOutForLong() throws Exception {
    assumeTrue(Files.isExecutable(PRLIMIT), "there is no prlimit here to take handles away");
    List<String> few = List.of(PRLIMIT.toString(), "--nofile=" + HANDLES);
    try (ServerProcess server = ServerProcess.start(few, directory, null)) {
      List<Socket> flood = flood(server.url());
      for (Socket socket : flood) {
        socket.close();
      }
      try (LeatClient client = new LeatClient(server.url())) {
        assertEquals(202, post(client).status());
        assertTrue(ServerState.awaitVisible(client, TIMEOUT));
        assertEquals(1, ServerState.decided(client).stored());
      }
    }
  }

  /** As many as are let in or queued, each in the middle of a request. */
  private static List<Socket> flood(URI url) throws Exception {
    byte[] begun =
        "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n["
            .getBytes(US_ASCII);
    List<Socket> flood = new ArrayList<>();
    for (int i = 0; i < 2 * HANDLES; i++) {
      Socket socket = new Socket(url.getHost(), url.getPort());
      socket.getOutputStream().write(begun);
      flood.add(socket);
    }
    return flood;
  }

  private static LeatClient.Reply post(LeatClient client) throws Exception {
    byte[] event =
        "{\"specversion\":\"1.0\",\"source\":\"/t\",\"type\":\"t\",\"id\":\"1\"}"
            .getBytes(US_ASCII);
    return client.post("/v1/events", "application/json", event, event.length, Map.of(), TIMEOUT);
  }

  @Test
  void aDoorThatIsShutIsNoticed() throws Exception {
    CountDownLatch noticed = new CountDownLatch(1);
    ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    InetSocketAddress address = new InetSocketAddress(door.getInetAddress(), door.getLocalPort());
    try (DoorWatch _ = DoorWatch.start(address, Duration.ofMillis(20), noticed::countDown)) {
      door.accept().close(); // It has knocked at the open one, and again:
      door.accept().close();
      assertEquals(1, noticed.getCount());
      door.close();
      assertTrue(noticed.await(60, TimeUnit.SECONDS), "nobody noticed");
    }
  }
}
