package dev.leat.trials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.trials.Patient.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A real server whose forces fail or take long. */
@EnabledIfSystemProperty(
    named = "leat.long",
    matches = "true",
    disabledReason = "takes minutes: ./mvnw verify -Dleat.long=true")
class FailingForceTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int STALL_SECONDS = 10;

  /** Which force of a try fails; a longer list covers more of the files a commit writes. */
  private static final String STEPS = System.getProperty("leat.force.steps", "1,2,4,12");

  @TempDir private Path directory;

  @Test
  void aFailedForceOfTheLogStopsItForGood() throws Exception {
    Skip.withoutStrace("a failed force of the log");
    Path data = directory.resolve("data");
    Senders senders;
    try (Patient patient = start(data)) {
      senders = new Senders(patient);
      Senders all = senders;
      senders.sendWhile(() -> all.keptEvents() < 500, 4, 10, 0);
      Path segment = segment(data);
      List<String> fault =
          List.of(
              "-e",
              "trace=fdatasync,fsync,pwrite64",
              "-P",
              segment.toString(),
              "-e",
              "inject=fdatasync,fsync:error=EIO:when=1");
      try (Strace strace = Strace.attach(patient.pid(), directory.resolve("trace"), fault)) {
        senders.sendWhile(() -> all.refusals().size() < 40, 8, 10, 0);
        assertEquals("{}", senders.broken());
        for (Reply refused : senders.refusals()) {
          assertEquals(503, refused.status(), refused::toString);
          assertFalse(refused.retryAfter().isEmpty(), refused::toString);
          assertTrue(refused.body().contains("check the disk, then start again"), refused.body());
        }
        Reply ready = patient.get("/health/ready");
        assertEquals(503, ready.status());
        assertTrue(ready.body().contains("check the disk, then start again"), ready.body());
        assertEquals(200, patient.get("/health/live").status());
        assertEquals("", senders.differences(patient), "reads stay up");
        List<SystemCall> calls = strace.calls();
        List<SystemCall> forces =
            calls.stream().filter(call -> call.name().endsWith("sync")).toList();
        assertEquals(1, forces.size(), () -> "forced again: " + forces);
        assertTrue(
            calls.stream().noneMatch(call -> call.begin() > forces.getFirst().end()),
            "written after the failure");
      }
      assertEquals(0, patient.stop());
    }
    try (Patient again = start(data)) {
      Senders more = new Senders(again, 1_000_000);
      assertEquals(200, again.get("/health/ready").status());
      assertTrue(more.send(10, 0).isKept());
      awaitStored(again, senders);
      System.out.printf(
          "a failed force of the log: %d events kept, %d requests refused, 1 force, 0 lost%n",
          senders.keptEvents(), senders.refusals().size());
    }
  }

  @Test
  void aCommitWhoseForcesFailIsTriedAgainWithOtherFiles() throws Exception {
    Skip.withoutStrace("a failed force of a commit");
    Path data = directory.resolve("data");
    Senders senders;
    Set<String> hit = new TreeSet<>();
    Duration recovery;
    try (Patient patient = start(data)) {
      senders = new Senders(patient);
      Senders all = senders;
      AtomicBoolean enough = new AtomicBoolean();
      Thread load = sendUntil(senders, enough);
      long failed = 0;
      for (String step : STEPS.split(",", -1)) {
        List<String> fault =
            List.of(
                "-e",
                "trace=fdatasync,fsync,openat,unlink,unlinkat",
                "-e",
                "inject=fdatasync,fsync:error=EIO:when=1+" + step);
        try (Strace strace =
            Strace.attachToThread(
                patient.pid(), "leat-checkpoint", directory.resolve("trace" + step), fault)) {
          long wanted = failed + 2;
          Until.holds("a failed commit", SOON, () -> patient.vital("failedCommits") >= wanted);
          Reply ready = patient.get("/health/ready");
          assertEquals(503, ready.status(), ready::body);
          assertTrue(ready.body().contains("Input/output error"), ready::body);
          failed = patient.vital("failedCommits");
          hit.addAll(checkForcedOnce(strace.calls()));
        }
      }
      long commits = patient.vital("commits");
      recovery = Until.holds("a commit", SOON, () -> patient.vital("commits") > commits);
      assertEquals(200, patient.get("/health/ready").status());
      enough.set(true);
      load.join();
      assertEquals(List.of(), senders.refusals(), "events are accepted all the while");
      assertEquals("{}", senders.broken());
      assertEquals("", all.differences(patient));
      patient.kill();
    }
    try (Patient again = start(data)) {
      awaitStored(again, senders);
    }
    System.out.printf(
        "failed forces of commits at %s: %d events kept, 0 refused, 0 lost, committed %d ms after the disk was well%n",
        hit, senders.keptEvents(), recovery.toMillis());
  }

  /** What kinds of files a force failed for, when none was forced again before it was made anew. */
  private static Set<String> checkForcedOnce(List<SystemCall> calls) {
    Set<String> spoilt = new HashSet<>();
    Set<String> kinds = new TreeSet<>();
    for (SystemCall call : calls) {
      String target = call.target();
      if (call.name().startsWith("unlink")) {
        spoilt.removeIf(path -> call.arguments().contains("\"" + path + "\""));
      } else if (call.name().endsWith("sync")) {
        assertFalse(spoilt.contains(target), () -> "forced again: " + call);
        if (call.returned() != 0) {
          kinds.add(kind(target));
          if (!Files.isDirectory(Path.of(target))) {
            spoilt.add(target);
          }
        }
      }
    }
    return kinds;
  }

  private static String kind(String path) {
    String name = String.valueOf(Path.of(path).getFileName());
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "directory " + name : name.substring(dot);
  }

  @Test
  void aStalledForceAnswersNobodyAndFillsABoundedQueue() throws Exception {
    Skip.withoutStrace("a stalled force");
    Path data = directory.resolve("data");
    try (Patient patient = start(data)) {
      Senders senders = new Senders(patient);
      assertTrue(senders.send(10, 0).isKept());
      List<String> fault =
          List.of(
              "-e",
              "trace=fdatasync",
              "-e",
              "inject=fdatasync:delay_exit=%d000000:when=1".formatted(STALL_SECONDS));
      List<Long> keptAfter = new java.util.concurrent.CopyOnWriteArrayList<>();
      List<Reply> refused = new java.util.concurrent.CopyOnWriteArrayList<>();
      try (Strace strace =
          Strace.attachToThread(
              patient.pid(), "leat-log-writer", directory.resolve("trace"), fault)) {
        long begin = System.nanoTime();
        List<Thread> requests = new ArrayList<>();
        for (int i = 0; i < 180; i++) {
          requests.add(
              Thread.ofVirtual()
                  .start(
                      () -> {
                        try {
                          Reply reply = senders.send(100, 5_000);
                          if (reply.isKept()) {
                            keptAfter.add(System.nanoTime() - begin);
                          } else {
                            refused.add(reply);
                          }
                        } catch (Exception failed) {
                          throw new IllegalStateException(failed);
                        }
                      }));
        }
        for (Thread request : requests) {
          request.join();
        }
        assertTrue(strace.calls().stream().anyMatch(call -> call.result().contains("DELAYED")));
      }
      long first = keptAfter.stream().mapToLong(Long::longValue).min().orElseThrow();
      assertTrue(first >= STALL_SECONDS * 1_000_000_000L, "answered after " + first + " ns");
      assertFalse(refused.isEmpty(), "the queue never filled");
      for (Reply reply : refused) {
        assertTrue(reply.status() == 429 || reply.status() == 503, reply::toString);
        assertFalse(reply.retryAfter().isEmpty(), reply::toString);
      }
      assertEquals(180, keptAfter.size() + refused.size());
      assertTrue(senders.send(10, 0).isKept());
      assertEquals("", senders.differences(patient));
      System.out.printf(
          "a force stalled %d s: first answer after %d ms, %d requests kept, %d refused with %s%n",
          STALL_SECONDS,
          first / 1_000_000,
          keptAfter.size(),
          refused.size(),
          refused.getFirst().status());
    }
  }

  private Patient start(Path data) throws Exception {
    return Patient.start(data, directory.resolve("errors"));
  }

  static Thread sendUntil(Senders senders, AtomicBoolean enough) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                senders.sendWhile(() -> !enough.get(), 3, 20, 200);
              } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
              }
            });
  }

  static void awaitStored(Patient patient, Senders senders) throws Exception {
    Until.holds("all events in the tables", SOON, () -> patient.vital("lagEvents") == 0);
    assertEquals("", senders.differences(patient));
  }

  private static Path segment(Path data) throws Exception {
    try (Stream<Path> files = Files.list(data.resolve("log"))) {
      return files.filter(file -> file.toString().endsWith(".segment")).findFirst().orElseThrow();
    }
  }
}
