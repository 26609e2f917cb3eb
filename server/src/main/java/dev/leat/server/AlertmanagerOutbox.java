package dev.leat.server;

import dev.leat.alert.Alert;
import dev.leat.alert.Notice;
import dev.leat.alert.Severity;
import dev.leat.query.JsonWriter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What Alertmanager is to know, as its API v2 has it: all that is open, said again each minute, as
 * it forgets what nobody repeats; and what ended, until it was said. Each severity of an incident
 * is an alert of its own there, as the severity is one of the labels that tell alerts apart.
 * Guarded by itself.
 */
final class AlertmanagerOutbox implements Outbox {
  private static final Duration AGAIN = Duration.ofMinutes(1);

  /** If nothing is heard for so long, Alertmanager takes an alert for ended. */
  private static final Duration VALID = Duration.ofMinutes(5);

  private static final int MAX_ENDED = 2_000;

  private final Severity least;
  private final String url;
  private final Map<Key, Alert> open = new LinkedHashMap<>();
  private final Map<Key, Alert> ended = new LinkedHashMap<>();
  private boolean changed;
  private Instant saidAt = Instant.MIN;

  /** What ended, and is part of the parcel that is under way. */
  private Map<Key, Alert> saidEnded = Map.of();

  private record Key(long id, Severity severity) {}

  /**
   * An empty one.
   *
   * @param url where people find Leat
   */
  AlertmanagerOutbox(Severity least, String url) {
    this.least = least;
    this.url = url;
  }

  @Override
  public synchronized List<String> put(List<Notice> notices, List<Alert> all, Instant now) {
    Map<Key, Alert> next = new LinkedHashMap<>();
    for (Alert alert : all) {
      // What is held back again after it was told stays: its end will be told too.
      if (!alert.told().isEmpty() && alert.severity().compareTo(least) >= 0) {
        next.put(new Key(alert.id(), alert.severity()), alert);
      }
    }
    Map<Key, Alert> gone = new HashMap<>(open);
    gone.keySet().removeAll(next.keySet());
    for (Notice notice : notices) {
      for (Alert alert : notice.alerts()) {
        Key key = new Key(alert.id(), alert.severity());
        if (!alert.isOpen() && alert.severity().compareTo(least) >= 0) {
          gone.put(key, alert);
        }
      }
    }
    gone.forEach((key, alert) -> ended.put(key, alert.isOpen() ? end(alert, now) : alert));
    changed |= !gone.isEmpty() || !open.keySet().containsAll(next.keySet());
    open.clear();
    open.putAll(next);
    List<String> thrown = new ArrayList<>();
    while (ended.size() > MAX_ENDED) {
      Key oldest = ended.keySet().iterator().next();
      thrown.add("the end of alert %d: too many wait".formatted(oldest.id()));
      ended.remove(oldest);
    }
    return thrown;
  }

  /** The lower severity of one that got worse. */
  private static Alert end(Alert alert, Instant now) {
    return new Alert(
        alert.id(), alert.finding(), alert.severity(), alert.opened(), now, alert.told(), "");
  }

  @Override
  public synchronized @Nullable Parcel next(Instant now) {
    boolean due = !open.isEmpty() && !now.isBefore(saidAt.plus(AGAIN));
    if (!changed && !due) {
      return null;
    }
    saidEnded = new LinkedHashMap<>(ended);
    changed = false;
    byte[] body =
        JsonText.bytes(
            json -> {
              json.beginArray();
              for (Map.Entry<Key, Alert> one : saidEnded.entrySet()) {
                write(json, one.getKey(), one.getValue(), now);
              }
              for (Map.Entry<Key, Alert> one : open.entrySet()) {
                write(json, one.getKey(), one.getValue(), now);
              }
              json.endArray();
            });
    return new Parcel("%d open, %d ended".formatted(open.size(), saidEnded.size()), body);
  }

  @Override
  public synchronized void failed() {
    changed = true;
  }

  @Override
  public synchronized void done(Instant now) {
    saidAt = now;
    saidEnded.forEach(ended::remove);
    saidEnded = Map.of();
  }

  @Override
  public synchronized int waiting() {
    return ended.size() + (changed ? open.size() : 0);
  }

  private void write(JsonWriter json, Key key, Alert alert, Instant now) throws IOException {
    SortedMap<String, String> labels = new TreeMap<>();
    alert.finding().labels().forEach((name, value) -> labels.put(label(name), value));
    labels.put("alertname", alert.finding().alert());
    labels.put("severity", key.severity().word());
    labels.put("job", "leat");
    // An empty label is none to Alertmanager, and some versions refuse it.
    labels.values().removeIf(String::isEmpty);
    Instant ends = alert.isOpen() ? now.plus(VALID) : Objects.requireNonNull(alert.ended());
    json.beginObject()
        .field("labels", labels)
        .name("annotations")
        .beginObject()
        .field("summary", AlertWords.title(alert.finding()))
        .field("description", alert.finding().words())
        .field("value", AlertWords.number(alert.finding().value()))
        .field("expected", AlertWords.number(alert.finding().expected()))
        .endObject()
        .field("startsAt", earlier(alert.finding().since(), alert.opened()))
        .field("endsAt", ends)
        .field("generatorURL", url + "/v1/alerts")
        .endObject();
  }

  /** It begins before it ends, whatever event time says. */
  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  /** A name that Alertmanager takes, and that is none of its own. */
  private static String label(String name) {
    String legal = name.replaceAll("[^a-zA-Z0-9_]", "_");
    boolean begins = !legal.isEmpty() && !Character.isDigit(legal.charAt(0));
    String safe = begins ? legal : "_" + legal;
    return switch (safe) {
      case "alertname", "severity", "job" -> "label_" + safe;
      default -> safe;
    };
  }
}
