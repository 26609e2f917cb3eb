package dev.leat.trials;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.EventCursor;
import dev.leat.event.EventLayout;
import dev.leat.event.EventLog;
import dev.leat.event.OsDisk;
import dev.leat.log.LogOptions;
import dev.leat.log.SegmentedLog;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The first law on a real server: no answer "kept" begins to leave before a force had returned that
 * covers its events. Each force is made to return a little later than it is done, so that an answer
 * that does not wait for it is seen to be early.
 *
 * <p>{@code -Dleat.order.events=N} traces more events than the short form.
 */
class OrderTest {
  private static final int BATCH = 100;
  private static final int SINGLES = 10_000;
  private static final long EVENTS = Long.getLong("leat.order.events", 101_000);
  private static final int LENIENT = 50;

  @TempDir private Path directory;

  @Test
  void everyAnswerLeavesAfterItsForce() throws Exception {
    Skip.withoutStrace("the proof of order");
    Path data = directory.resolve("data");
    Path trace = directory.resolve("trace");
    List<Senders.Kept> kept;
    long lenient = 0;
    try (Patient patient = Patient.start(data, directory.resolve("errors"))) {
      Senders senders = new Senders(patient);
      try (Strace _ = Strace.attach(patient.pid(), trace, options())) {
        AtomicInteger singles = new AtomicInteger();
        AtomicInteger batches = new AtomicInteger();
        long wanted = (EVENTS - SINGLES) / BATCH;
        try (ExecutorService both = Executors.newVirtualThreadPerTaskExecutor()) {
          Future<?> one = both.submit(() -> sendSingles(senders, singles));
          Future<?> many = both.submit(() -> sendBatches(senders, batches, wanted));
          for (int i = 0; i < LENIENT; i++) {
            assertEquals(207, patient.postLenient(half(i)).status());
            lenient++;
          }
          one.get();
          many.get();
        }
        assertEquals(List.of(), senders.refusals(), "refused");
        assertEquals("{}", senders.broken());
      }
      kept = senders.kept();
      assertEquals(0, patient.stop());
    }
    long events = kept.stream().mapToLong(Senders.Kept::count).sum() + lenient;
    OrderProof proof = new OrderProof();
    OrderProof doctored = new OrderProof();
    AtomicInteger forces = new AtomicInteger();
    read(
        trace,
        line -> {
          proof.take(line);
          // The same trace, as if each tenth force had failed.
          boolean force = line.contains("fdatasync") && line.contains(" = 0");
          boolean spoil = force && forces.incrementAndGet() % 10 == 0;
          doctored.take(spoil ? line.replace(" = 0", " = -1 EIO") : line);
        });
    OrderProof.Findings found = proof.findings();
    System.out.println("proof of order: " + found);
    assertEquals(0, found.early(), () -> String.join("\n", found.examples()));
    assertEquals(kept.size() + lenient, found.answers(), "answers in the trace");
    assertEquals(events, found.events(), "events in the trace");
    assertTrue(events >= EVENTS, "only " + events + " events");
    assertEquals(0, found.failedForces());
    assertTrue(doctored.findings().early() > 0, "the doctored trace passes");
    assertEquals("", misplaced(data, kept));
  }

  private static List<String> options() {
    return List.of(
        "--seccomp-bpf",
        "-e",
        "trace=pwrite64,fdatasync,fsync,write,writev,sendto,sendmsg",
        "-e",
        "inject=fdatasync:delay_exit=1000");
  }

  private static Void sendSingles(Senders senders, AtomicInteger sent) throws Exception {
    senders.sendWhile(() -> sent.incrementAndGet() <= SINGLES, 32, 1, 0);
    return null;
  }

  private static Void sendBatches(Senders senders, AtomicInteger sent, long wanted)
      throws Exception {
    senders.sendWhile(() -> sent.incrementAndGet() <= wanted, 8, BATCH, 0);
    return null;
  }

  private static String half(int number) {
    return "{\"specversion\":\"1.0\",\"source\":\"/half\",\"type\":\"t\",\"id\":\"%d\"}\n{\"id\":1}\n"
        .formatted(number);
  }

  private static void read(Path trace, java.util.function.Consumer<String> to) throws Exception {
    try (var in =
        java.nio.file.Files.newBufferedReader(
            trace, java.nio.charset.StandardCharsets.ISO_8859_1)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        to.accept(line);
      }
    }
  }

  /** That the positions in the answers are where the log has the events that were sent. */
  private static String misplaced(Path data, List<Senders.Kept> kept) throws Exception {
    Map<Long, String> ids = new HashMap<>();
    try (EventLog log =
            SegmentedLog.open(new OsDisk(data), LogOptions.defaults(), InstantSource.system());
        EventLog.Cursor cursor = log.read(0)) {
      EventCursor event = new EventCursor();
      for (EventLog.LoggedBatch batch = cursor.next(Duration.ZERO);
          batch != null;
          batch = cursor.next(Duration.ZERO)) {
        long offset = batch.firstOffset();
        event.reset(batch.events());
        while (event.next()) {
          if (event.kind() != EventLayout.KIND_CONTROL) {
            ids.put(offset, new String(event.bytes(), event.idAt(), event.idLength(), US_ASCII));
          }
          offset++;
        }
      }
    }
    for (Senders.Kept each : kept) {
      for (int i = 0; i < each.count(); i++) {
        String id = Long.toString(each.firstId() + i);
        long offset = each.last() - each.count() + 1 + i;
        if (!id.equals(ids.get(offset))) {
          return "event %s was answered as %d, where %s is".formatted(id, offset, ids.get(offset));
        }
      }
    }
    return "";
  }
}
