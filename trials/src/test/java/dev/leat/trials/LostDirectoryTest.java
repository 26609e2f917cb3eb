package dev.leat.trials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.trials.Patient.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A real server whose data directory is taken away while it runs. */
@EnabledIfSystemProperty(
    named = "leat.long",
    matches = "true",
    disabledReason = "takes minutes: ./mvnw verify -Dleat.long=true")
class LostDirectoryTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir private Path directory;

  @Test
  void aDirectoryThatWasMovedStopsTheLogBeforeItAnswersAndLosesNothing() throws Exception {
    Path data = directory.resolve("data");
    Path moved = directory.resolve("moved");
    Senders senders;
    try (Patient patient = start(data)) {
      senders = new Senders(patient);
      Senders all = senders;
      senders.sendWhile(() -> all.keptEvents() < 2_000, 4, 10, 0);
      Files.move(data, moved);
      senders.sendWhile(() -> all.refusals().isEmpty(), 4, 10, 0);
      checkStopped(patient, senders.refusals().getFirst());
      assertEquals(0, patient.stop());
      assertFalse(Files.exists(data), "something was written where the directory was");
    }
    try (Patient again = start(moved)) {
      FailingForceTest.awaitStored(again, senders);
    }
  }

  @Test
  void anIdleServerNoticesThatItsDirectoryWasRemoved() throws Exception {
    Path data = directory.resolve("data");
    try (Patient patient = start(data)) {
      Senders senders = new Senders(patient);
      assertTrue(senders.send(10, 0).isKept());
      try (Stream<Path> files = Files.walk(data)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
      Duration noticed =
          Until.holds("unreadiness", SOON, () -> patient.get("/health/ready").status() == 503);
      checkStopped(patient, senders.send(10, 0));
      System.out.printf(
          "a data directory that is removed: noticed after %d ms%n", noticed.toMillis());
    }
  }

  private static void checkStopped(Patient patient, Reply refused) throws Exception {
    assertEquals(503, refused.status(), refused::toString);
    assertTrue(refused.body().contains("moved or removed"), refused.body());
    Reply ready = patient.get("/health/ready");
    assertEquals(503, ready.status());
    assertTrue(ready.body().contains("moved or removed"), ready.body());
    assertEquals(200, patient.get("/health/live").status());
  }

  private Patient start(Path data) throws Exception {
    return Patient.start(data, directory.resolve("errors"));
  }
}
