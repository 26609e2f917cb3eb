package dev.leat.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.alert.Alert;
import dev.leat.alert.AlertBook;
import dev.leat.alert.Finding;
import dev.leat.alert.Notice;
import dev.leat.alert.Severity;
import dev.leat.pipeline.AlertSpec;
import dev.leat.pipeline.Alerting.Protocol;
import dev.leat.pipeline.Alerting.Target;
import dev.leat.server.DeliveryLog.Outcome;
import dev.leat.testkit.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Couriers against a real server that fails, hangs and comes back. */
@Timeout(180)
class CourierTest {
  private static final Courier.Patience HURRIED =
      new Courier.Patience(
          Duration.ofSeconds(5),
          Duration.ofMillis(500),
          Duration.ofMillis(20),
          Duration.ofMillis(100),
          Duration.ofMillis(200),
          Duration.ofMillis(400),
          Duration.ofMillis(20));

  private final DeliveryLog log = new DeliveryLog();
  private final AlertBook book = new AlertBook();

  private Courier courier(Receiver receiver, Protocol protocol, int perHour) {
    return new Courier(
        new Target(protocol, receiver.url(), AlertSpec.Severity.INFO, perHour),
        "http://127.0.0.1:5328",
        log,
        InstantSource.system(),
        Seeds.chance(1),
        HURRIED);
  }

  private static Finding finding(String alert, Severity severity) {
    return new Finding(
        alert,
        new TreeMap<>(Map.of("origin", "LAS")),
        severity,
        1,
        10,
        5,
        15,
        Instant.parse("2026-01-01T00:00:00Z"),
        "1 instead of 10");
  }

  private void turn(Courier courier, Finding... findings) {
    List<Notice> notices = book.turn(Instant.now(), List.of(findings), Set.of(), (_, _) -> "");
    courier.tell(notices, book.open());
  }

  private long count(Outcome outcome) {
    return log.entries().stream().filter(entry -> entry.outcome() == outcome).count();
  }

  @Test
  void aWebhookHearsOfEachIncidentOnceAndOfItsEnd() throws Exception {
    try (Receiver receiver = new Receiver();
        Courier courier = courier(receiver, Protocol.WEBHOOK, 60)) {
      turn(courier, finding("few", Severity.WARNING));
      Map<String, ?> first = receiver.await(1).getFirst();
      assertEquals("firing", first.get("change"));
      assertEquals("warning", first.get("severity"));
      Map<String, ?> alert = Json.asObject(Json.asList(first.get("alerts")).getFirst());
      assertEquals("1 instead of 10", alert.get("words"));
      assertEquals(Map.of("origin", "LAS"), alert.get("labels"));
      for (int i = 0; i < 5; i++) {
        turn(courier, finding("few", Severity.WARNING));
      }
      turn(courier);
      assertEquals("resolved", receiver.await(2).getLast().get("change"));
      assertEquals(2, receiver.calls());
    }
  }

  @Test
  void whatFailsIsTriedAgainUntilItIsTakenAndTheCircuitOpensMeanwhile() throws Exception {
    try (Receiver receiver = new Receiver();
        Courier courier = courier(receiver, Protocol.WEBHOOK, 60)) {
      receiver.answer(503);
      turn(courier, finding("few", Severity.WARNING));
      receiver.awaitCalls(6);
      assertTrue(courier.isCircuitOpen());
      assertEquals(1, courier.waiting());
      receiver.answer(200);
      assertEquals("firing", receiver.await(1).getFirst().get("change"));
      while (courier.isCircuitOpen()) {
        Thread.sleep(10);
      }
      assertTrue(count(Outcome.FAILED) >= 6);
      assertEquals(1, count(Outcome.SENT));
    }
  }

  @Test
  void aTargetThatHangsIsGivenUpAndTriedAgain() throws Exception {
    try (Receiver receiver = new Receiver();
        Courier courier = courier(receiver, Protocol.WEBHOOK, 60)) {
      receiver.answer(Receiver.HANG);
      turn(courier, finding("few", Severity.WARNING));
      receiver.awaitCalls(2);
      receiver.answer(202);
      receiver.await(1);
      assertTrue(
          log.entries().stream().anyMatch(entry -> entry.detail().contains("Timeout")),
          () -> log.entries().toString());
    }
  }

  @Test
  void aRefusalIsNotRepeated() throws Exception {
    try (Receiver receiver = new Receiver();
        Courier courier = courier(receiver, Protocol.WEBHOOK, 60)) {
      receiver.answer(400);
      turn(courier, finding("few", Severity.WARNING));
      receiver.awaitCalls(1);
      receiver.answer(200);
      turn(courier, finding("few", Severity.WARNING), finding("slow", Severity.CRITICAL));
      assertEquals("slow", receiver.await(1).getFirst().get("alert"));
      assertEquals(1, count(Outcome.REFUSED));
      assertEquals(2, receiver.calls());
    }
  }

  /** The courier hears of the answer after the receiver has given it. */
  private static void awaitDone(Courier courier) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (courier.waiting() > 0) {
      assertTrue(System.nanoTime() < end, "it still waits");
      Thread.sleep(Duration.ofMillis(5));
    }
  }

  @Test
  void whatBeganAndEndedWhileNobodyListenedIsNotTold() throws Exception {
    try (Receiver receiver = new Receiver();
        Courier courier = courier(receiver, Protocol.WEBHOOK, 1)) {
      turn(courier, finding("first", Severity.INFO));
      receiver.await(1);
      awaitDone(courier);
      turn(courier, finding("first", Severity.INFO), finding("short", Severity.INFO));
      assertEquals(1, courier.waiting());
      turn(courier, finding("first", Severity.INFO));
      assertEquals(0, courier.waiting());
      assertEquals(1, receiver.calls());
    }
  }

  @Test
  void anAlertmanagerIsToldOfWhatIsOpenAndOfEachEnd() throws Exception {
    try (Receiver receiver = new Receiver();
        Courier courier = courier(receiver, Protocol.ALERTMANAGER, 60)) {
      turn(courier, finding("few", Severity.WARNING));
      receiver.awaitCalls(1);
      turn(courier, finding("few", Severity.CRITICAL));
      receiver.awaitCalls(2);
      turn(courier);
      receiver.awaitCalls(3);
      assertTrue(book.open().isEmpty());
      List<Alert> recent = book.recent();
      assertEquals(Severity.CRITICAL, recent.getFirst().severity());
    }
  }
}
