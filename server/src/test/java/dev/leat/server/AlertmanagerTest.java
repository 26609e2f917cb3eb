package dev.leat.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leat.alert.AlertBook;
import dev.leat.alert.Finding;
import dev.leat.alert.Severity;
import dev.leat.pipeline.AlertSpec;
import dev.leat.pipeline.Alerting.Protocol;
import dev.leat.pipeline.Alerting.Target;
import dev.leat.testkit.Seeds;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real Alertmanager hears of an alert, and that it is over. */
@Timeout(600)
class AlertmanagerTest {
  private static final Path PROGRAM = Path.of("/usr/bin/prometheus-alertmanager");
  private static final Duration INSTALLING = Duration.ofMinutes(5);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path directory;

  /** Where this machine has one; a Debian on which we may install it gets one. */
  private static Optional<Path> find() throws Exception {
    Path installer = Path.of("/usr/bin/apt-get");
    boolean may = Files.isExecutable(installer) && "root".equals(System.getProperty("user.name"));
    if (!Files.isExecutable(PROGRAM) && may) {
      ProcessBuilder install =
          new ProcessBuilder(
                  installer.toString(),
                  "install",
                  "-y",
                  "--no-install-recommends",
                  "prometheus-alertmanager")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD);
      install.environment().put("DEBIAN_FRONTEND", "noninteractive");
      Process process = install.start();
      if (!process.waitFor(INSTALLING.toSeconds(), TimeUnit.SECONDS)) {
        process.destroy();
      }
    }
    return Optional.of(PROGRAM).filter(Files::isExecutable);
  }

  @Test
  void aRealAlertmanagerHearsOfAnAlertAndOfItsEnd() throws Exception {
    Optional<Path> program = find();
    if (program.isEmpty()) {
      System.out.println(
          "SKIPPED: no prometheus-alertmanager on this machine, and none can be installed");
    }
    assumeTrue(program.isPresent(), "no Alertmanager");
    try (Receiver receiver = new Receiver()) {
      int port = freePort();
      Process process = start(program.orElseThrow(), port, receiver.url());
      try {
        tell("http://127.0.0.1:" + port, receiver);
      } finally {
        process.destroyForcibly().waitFor();
      }
    }
  }

  private Process start(Path program, int port, String hook) throws IOException {
    Path config =
        Files.writeString(
            directory.resolve("alertmanager.yml"),
            """
            route: {receiver: hook, group_wait: 1s, group_interval: 1s, repeat_interval: 1h}
            receivers:
              - name: hook
                webhook_configs: [{url: '%s', send_resolved: true}]
            """
                .formatted(hook));
    return new ProcessBuilder(
            program.toString(),
            "--config.file=" + config,
            "--storage.path=" + directory.resolve("data"),
            "--web.listen-address=127.0.0.1:" + port,
            "--cluster.listen-address=")
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("out").toFile())
        .start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void tell(String url, Receiver receiver) throws Exception {
    awaitReady(url);
    AlertBook book = new AlertBook();
    DeliveryLog log = new DeliveryLog();
    Finding finding =
        new Finding(
            "few",
            new TreeMap<>(Map.of("data.origin", "LAS")),
            Severity.CRITICAL,
            1,
            10,
            5,
            15,
            Instant.now(),
            "1 instead of 10");
    Target target = new Target(Protocol.ALERTMANAGER, url, AlertSpec.Severity.INFO, 60);
    try (Courier courier =
            new Courier(
                target,
                "http://127.0.0.1:5328",
                log,
                InstantSource.system(),
                Seeds.chance(1),
                Courier.Patience.DEFAULT);
        LeatClient client = new LeatClient(URI.create(url))) {
      courier.tell(book.turn(Instant.now(), List.of(finding), Set.of(), (_, _) -> ""), book.open());
      Map<String, @Nullable Object> firing = receiver.await(1).getFirst();
      assertEquals("firing", firing.get("status"), () -> log.entries().toString());
      Map<String, @Nullable Object> alert =
          Json.asObject(Json.asList(firing.get("alerts")).getFirst());
      assertEquals(
          Map.of("alertname", "few", "severity", "critical", "job", "leat", "data_origin", "LAS"),
          alert.get("labels"));
      List<?> known = Json.asList(Json.parse(client.get("/api/v2/alerts", PATIENCE).body()));
      assertEquals(1, known.size());
      assertEquals(
          "1 instead of 10",
          Json.asObject(Json.asObject(known.getFirst()).get("annotations")).get("description"));
      courier.tell(book.turn(Instant.now(), List.of(), Set.of(), (_, _) -> ""), book.open());
      Map<String, @Nullable Object> resolved = receiver.await(2).getLast();
      assertEquals("resolved", resolved.get("status"), () -> log.entries().toString());
    }
  }

  private static void awaitReady(String url) throws Exception {
    try (LeatClient client = new LeatClient(URI.create(url))) {
      long end = System.nanoTime() + PATIENCE.toNanos();
      boolean ready = false;
      while (!ready && System.nanoTime() < end) {
        try {
          ready = client.get("/-/ready", Duration.ofSeconds(5)).status() == 200;
        } catch (IOException notYet) {
          Objects.requireNonNull(notYet);
          Thread.sleep(100);
        }
      }
      assertTrue(ready, "Alertmanager did not start");
    }
  }
}
