package dev.leat.server;

import dev.leat.alert.Alert;
import dev.leat.alert.Notice;
import dev.leat.alert.Notice.Change;
import dev.leat.alert.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Notices for a webhook, in their order: a bounded queue with a limit an hour. What began and ended
 * while it waited is not sent at all; what waits for a day is thrown away. Guarded by itself.
 */
final class WebhookOutbox implements Outbox {
  private static final int MAX_WAITING = 1_000;
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration TOO_OLD = Duration.ofDays(1);

  private final Severity least;
  private final int perHour;
  private final Deque<Notice> waiting = new ArrayDeque<>();
  private final Deque<Instant> sent = new ArrayDeque<>();

  /** Incidents whose beginning was sent. */
  private final Set<Long> arrived = new HashSet<>();

  /** Whether the first one may have arrived already. */
  private boolean tried;

  WebhookOutbox(Severity least, int perHour) {
    this.least = least;
    this.perHour = perHour;
  }

  @Override
  public synchronized List<String> put(List<Notice> notices, List<Alert> open, Instant now) {
    List<String> thrown = new ArrayList<>();
    for (Notice notice : notices) {
      if (notice.severity().compareTo(least) < 0) {
        continue;
      }
      Notice left = notice.change() == Change.RESOLVED ? cancel(notice) : notice;
      if (left != null) {
        waiting.addLast(left);
      }
      if (waiting.size() > MAX_WAITING) {
        thrown.add(words(waiting.removeFirst()) + ": too many wait");
        tried = false;
      }
    }
    while (!waiting.isEmpty() && waiting.getFirst().at().isBefore(now.minus(TOO_OLD))) {
      thrown.add(words(waiting.removeFirst()) + ": it waited for a day");
      tried = false;
    }
    return thrown;
  }

  /** Takes out of the queue what ended; what is left of the notice of the end. */
  private @Nullable Notice cancel(Notice ended) {
    Set<Long> untold = new HashSet<>();
    List<Notice> kept = new ArrayList<>();
    boolean first = true;
    for (Notice before : waiting) {
      boolean mayHaveArrived = first && tried;
      first = false;
      boolean began = before.change() == Change.FIRING && !mayHaveArrived;
      List<Alert> rest = new ArrayList<>();
      for (Alert alert : before.alerts()) {
        boolean same = ended.alerts().stream().anyMatch(other -> other.id() == alert.id());
        if (began && same) {
          if (!arrived.contains(alert.id())) {
            untold.add(alert.id());
          }
        } else {
          rest.add(alert);
        }
      }
      if (!rest.isEmpty()) {
        kept.add(new Notice(before.alert(), before.change(), before.severity(), rest, before.at()));
      }
    }
    waiting.clear();
    waiting.addAll(kept);
    List<Alert> rest =
        ended.alerts().stream().filter(alert -> !untold.contains(alert.id())).toList();
    return rest.isEmpty()
        ? null
        : new Notice(ended.alert(), ended.change(), ended.severity(), rest, ended.at());
  }

  @Override
  public synchronized @Nullable Parcel next(Instant now) {
    for (Iterator<Instant> oldest = sent.iterator(); oldest.hasNext(); ) {
      if (oldest.next().isBefore(now.minus(HOUR))) {
        oldest.remove();
      }
    }
    if (waiting.isEmpty() || sent.size() >= perHour) {
      return null;
    }
    Notice notice = waiting.getFirst();
    tried = true;
    return new Parcel(words(notice), body(notice));
  }

  @Override
  public synchronized void done(Instant now) {
    Notice notice = waiting.pollFirst();
    if (notice != null) {
      List<Long> ids = notice.alerts().stream().map(Alert::id).toList();
      boolean began = notice.change() == Change.FIRING;
      ids.forEach(began ? arrived::add : arrived::remove);
    }
    sent.addLast(now);
    tried = false;
  }

  @Override
  public void failed() {
    // It is still the first that waits.
  }

  @Override
  public synchronized int waiting() {
    return waiting.size();
  }

  private static String words(Notice notice) {
    return "%s %s, %s, %d series"
        .formatted(
            notice.alert(),
            word(notice.change()),
            notice.severity().word(),
            notice.alerts().size());
  }

  private static String word(Change change) {
    return change.name().toLowerCase(Locale.ROOT);
  }

  private static byte[] body(Notice notice) {
    return JsonText.bytes(
        json -> {
          json.beginObject()
              .field("version", 1)
              .field("alert", notice.alert())
              .field("change", word(notice.change()))
              .field("severity", notice.severity().word())
              .field("at", notice.at())
              .name("alerts")
              .beginArray();
          for (Alert alert : notice.alerts()) {
            AlertJson.write(json, alert);
          }
          json.endArray().endObject();
        });
  }
}
