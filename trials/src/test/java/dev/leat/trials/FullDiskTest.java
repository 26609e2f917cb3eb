package dev.leat.trials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.trials.Patient.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A real server on a small file system that gets full, loses its names, or fails as a whole. */
@EnabledIfSystemProperty(
    named = "leat.long",
    matches = "true",
    disabledReason = "takes minutes: ./mvnw verify -Dleat.long=true")
class FullDiskTest {
  private static final int MEGABYTES = 1_100;
  private static final long RESERVE_BYTES = 96L << 20;
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration PROMISED = Duration.ofSeconds(5);

  @TempDir private Path directory;

  @Test
  void aFullDiskRefusesEventsStoresWhatItTookAndResumesByItself() throws Exception {
    Skip.withoutRoot("a full disk");
    try (SmallDisk disk = SmallDisk.ext4(directory, MEGABYTES)) {
      Path data = disk.place().resolve("data");
      Senders senders;
      try (Patient patient = start(data)) {
        senders = new Senders(patient);
        Senders all = senders;
        Path reserve = data.resolve("reserve");
        Until.holds("the reserve", SOON, () -> size(reserve) == RESERVE_BYTES);
        senders.sendWhile(() -> all.keptEvents() < 2_000, 4, 100, 2_000);
        assertEquals("", senders.differences(patient));
        assertTrue(senders.send(400, 2_000).isKept());
        Path ballast = disk.fill(4 << 10);
        long full = System.nanoTime();
        senders.sendWhile(() -> all.refusals().isEmpty(), 4, 10, 100);
        long refusedAfter = System.nanoTime() - full;
        assertTrue(refusedAfter < PROMISED.toNanos(), "refused after " + refusedAfter + " ns");
        for (Reply refused : senders.refusals()) {
          assertEquals(507, refused.status(), refused::toString);
          assertEquals("application/problem+json", refused.contentType());
          assertTrue(refused.body().contains("make room"), refused.body());
        }
        assertEquals(200, patient.get("/health/live").status());
        Reply ready = patient.get("/health/ready");
        assertEquals(503, ready.status());
        assertTrue(ready.body().contains("make room"), ready.body());

        // What came when the disk was full already is in no commit yet.
        long committed = patient.vital("commits");
        Duration stored = Until.holds("a commit", SOON, () -> patient.vital("commits") > committed);
        assertTrue(patient.vital("failedCommits") > 0, "the disk was not full for a commit");
        assertFalse(Files.exists(reserve), "the reserve was not given up");
        assertEquals("", senders.differences(patient), "reads stay up");
        assertEquals(507, senders.send(1, 0).status(), "what the reserve left is for commits");

        long emptied = System.nanoTime();
        Files.delete(ballast);
        Duration resumed = Until.holds("a kept event", SOON, () -> senders.send(1, 0).isKept());
        assertTrue(resumed.compareTo(PROMISED) < 0, "resumed after " + resumed);
        Duration ready200 =
            Until.holds("readiness", SOON, () -> patient.get("/health/ready").status() == 200);
        Until.holds("the reserve", SOON, () -> size(reserve) == RESERVE_BYTES);
        assertEquals(List.of(), halves(data), "half files");
        senders.sendWhile(() -> all.keptEvents() < 5_000, 4, 100, 200);
        patient.kill();
        System.out.printf(
            "a full disk: refused after %d ms, what was taken committed after %d ms from the reserve, resumed after %d ms, ready after %d ms, whole after %d ms%n",
            refusedAfter / 1_000_000,
            stored.toMillis(),
            resumed.toMillis(),
            ready200.toMillis(),
            (System.nanoTime() - emptied) / 1_000_000);
      }
      try (Patient again = start(data)) {
        FailingForceTest.awaitStored(again, senders);
      }
    }
  }

  @Test
  void withoutNamesForFilesEventsAreKeptAndStoredWhenThereAreSomeAgain() throws Exception {
    Skip.withoutRoot("a disk without inodes");
    try (SmallDisk disk = SmallDisk.tmpfs(directory, 1_500, 400)) {
      Path data = disk.place().resolve("data");
      Senders senders;
      try (Patient patient = start(data)) {
        senders = new Senders(patient);
        assertTrue(senders.send(100, 100).isKept());
        Until.holds("the reserve", SOON, () -> size(data.resolve("reserve")) == RESERVE_BYTES);
        List<Path> names = takeNames(disk.place());
        AtomicBoolean enough = new AtomicBoolean();
        Thread load = FailingForceTest.sendUntil(senders, enough);
        Until.holds("a failed commit", SOON, () -> patient.vital("failedCommits") > 0);
        Reply ready = patient.get("/health/ready");
        assertEquals(503, ready.status());
        assertTrue(ready.body().contains("No space left on device"), ready.body());
        long commits = patient.vital("commits");
        for (Path name : names) {
          Files.delete(name);
        }
        Duration resumed = Until.holds("a commit", SOON, () -> patient.vital("commits") > commits);
        assertTrue(resumed.compareTo(PROMISED) < 0, "committed after " + resumed);
        assertEquals(200, patient.get("/health/ready").status());
        enough.set(true);
        load.join();
        assertEquals(List.of(), senders.refusals());
        assertEquals("", senders.differences(patient));
        patient.kill();
        System.out.printf(
            "no inodes: %d events kept, 0 refused, committed %d ms after there were some%n",
            senders.keptEvents(), resumed.toMillis());
      }
      try (Patient again = start(data)) {
        FailingForceTest.awaitStored(again, senders);
      }
    }
  }

  @Test
  void aFileSystemThatStopsWritingStopsTheLogAndKeepsWhatWasAnswered() throws Exception {
    Skip.withoutRoot("a file system that turns read-only");
    Senders senders;
    try (SmallDisk disk = SmallDisk.ext4(directory, MEGABYTES)) {
      Path data = disk.place().resolve("data");
      try (Patient patient = start(data)) {
        senders = new Senders(patient);
        Senders all = senders;
        senders.sendWhile(() -> all.keptEvents() < 1_000, 4, 10, 100);
        assertEquals("", senders.differences(patient));
        disk.remount("abort");
        senders.sendWhile(() -> all.refusals().isEmpty(), 4, 10, 100);
        for (Reply refused : senders.refusals()) {
          assertEquals(503, refused.status(), refused::toString);
          assertTrue(refused.body().contains("check the disk"), refused.body());
        }
        assertEquals(503, patient.get("/health/ready").status());
        assertEquals(200, patient.get("/health/live").status());
        assertEquals("", senders.differences(patient), "reads stay up");
        patient.kill();
      }
    }
    // Mounted again, as an operator would after looking at the disk.
    try (SmallDisk disk = SmallDisk.again(directory);
        Patient again = start(disk.place().resolve("data"))) {
      FailingForceTest.awaitStored(again, senders);
      System.out.printf(
          "a file system that stopped writing: the log stopped, %d events kept, 0 lost%n",
          senders.keptEvents());
    }
  }

  private static List<Path> takeNames(Path place) {
    List<Path> names = new ArrayList<>();
    try {
      while (true) {
        names.add(Files.createFile(place.resolve("name" + names.size())));
      }
    } catch (java.io.IOException none) {
      return names;
    }
  }

  private static List<String> halves(Path data) throws Exception {
    try (var files = Files.walk(data)) {
      return files
          .map(Path::toString)
          .filter(name -> name.contains(".tmp") || name.contains("tmp_"))
          .toList();
    }
  }

  private static long size(Path file) throws java.io.IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }

  private Patient start(Path data) throws Exception {
    return Patient.start(data, directory.resolve("errors"));
  }
}
