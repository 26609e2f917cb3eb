package dev.leat.trials;

import dev.leat.trials.Patient.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends events from several connections at once and remembers what became of them. Ids are never
 * used twice, so what was answered and what is stored can be compared. Any thread.
 */
final class Senders {
  private static final Pattern POSITION = Pattern.compile("\"position\":\"(\\d+)\"");

  /**
   * Events that were answered with "kept".
   *
   * @param firstId of as many ids in a row
   * @param count how many
   * @param last the position of the last of them
   */
  record Kept(long firstId, int count, long last) {}

  private final Patient patient;
  private final AtomicLong nextId = new AtomicLong();
  private final ConcurrentLinkedQueue<Kept> kept = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Reply> refusals = new ConcurrentLinkedQueue<>();
  private final ConcurrentHashMap<String, AtomicLong> broken = new ConcurrentHashMap<>();

  Senders(Patient patient) {
    this(patient, 0);
  }

  /** With ids from a number on. */
  Senders(Patient patient, long firstId) {
    this.patient = patient;
    nextId.set(firstId);
  }

  /** Sends one request; its answer. */
  Reply send(int events, int padding) throws IOException, InterruptedException {
    long first = nextId.getAndAdd(events);
    Reply reply = patient.post(first, events, padding);
    if (reply.isKept()) {
      Matcher position = POSITION.matcher(reply.body());
      if (!position.find()) {
        throw new IOException("an answer without a position: " + reply);
      }
      kept.add(new Kept(first, events, Long.parseLong(position.group(1))));
    } else {
      refusals.add(reply);
    }
    return reply;
  }

  /**
   * Sends from so many threads while somebody says so. A connection that breaks ends its thread.
   */
  void sendWhile(BooleanSupplier more, int threads, int events, int padding)
      throws InterruptedException {
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        all.add(
            pool.submit(
                () -> {
                  while (more.getAsBoolean()) {
                    sendOrBreak(events, padding);
                  }
                  return null;
                }));
      }
      for (Future<?> each : all) {
        await(each);
      }
    }
  }

  private void sendOrBreak(int events, int padding) throws InterruptedException {
    try {
      send(events, padding);
    } catch (IOException failed) {
      broken.computeIfAbsent(String.valueOf(failed), _ -> new AtomicLong()).incrementAndGet();
    }
  }

  private static void await(Future<?> each) throws InterruptedException {
    try {
      each.get();
    } catch (ExecutionException failed) {
      throw new IllegalStateException(failed.getCause());
    }
  }

  List<Kept> kept() {
    return List.copyOf(kept);
  }

  long keptEvents() {
    return kept.stream().mapToLong(Kept::count).sum();
  }

  List<Reply> refusals() {
    return List.copyOf(refusals);
  }

  /** Requests that got no answer, by what the client said. */
  String broken() {
    return broken.toString();
  }

  /**
   * What is wrong with what a server has of all that was answered; empty if each such event is
   * there exactly once. Events that were not answered may be there too.
   */
  String differences(Patient with) throws IOException, InterruptedException {
    long twice =
        with.number("SELECT count(*) - count(DISTINCT id) FROM events WHERE source = '/t'");
    if (twice != 0) {
      return twice + " events are stored twice";
    }
    List<Kept> all =
        kept.stream().sorted(java.util.Comparator.comparingLong(Kept::firstId)).toList();
    long found = 0;
    for (int at = 0; at < all.size(); ) {
      // Stretches of ids without a gap, so that few questions suffice.
      long from = all.get(at).firstId();
      long to = from;
      while (at < all.size() && all.get(at).firstId() == to) {
        to += all.get(at++).count();
      }
      long there =
          with.number(
              "SELECT count(*) FROM events WHERE source = '/t' AND CAST(id AS BIGINT) >= %d AND CAST(id AS BIGINT) < %d"
                  .formatted(from, to));
      if (there != to - from) {
        return "of the ids %d to %d, all answered, %d are there".formatted(from, to - 1, there);
      }
      found += there;
    }
    return found == keptEvents() ? "" : "%d of %d are there".formatted(found, keptEvents());
  }
}
