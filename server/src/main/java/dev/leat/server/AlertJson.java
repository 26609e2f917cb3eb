package dev.leat.server;

import dev.leat.alert.Alert;
import dev.leat.alert.Finding;
import dev.leat.alert.Severity;
import dev.leat.alert.Silence;
import dev.leat.query.JsonWriter;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Incidents and silences as JSON, for answers, for webhooks and to keep them. */
final class AlertJson {
  private AlertJson() {}

  static void write(JsonWriter json, Alert alert) throws IOException {
    Finding finding = alert.finding();
    json.beginObject()
        .field("id", alert.id())
        .field("alert", finding.alert())
        .field("labels", finding.labels())
        .field("severity", alert.severity().word())
        .field("state", alert.isOpen() ? "open" : "ended")
        .field("since", finding.since())
        .field("opened", alert.opened())
        .field("ended", alert.ended())
        .field("value", AlertWords.json(finding.value()))
        .field("expected", AlertWords.json(finding.expected()))
        .field("low", AlertWords.json(finding.low()))
        .field("high", AlertWords.json(finding.high()))
        .field("words", finding.words())
        .field("told", alert.told().stream().sorted().map(Severity::word).toList())
        .field("held", alert.held())
        .endObject();
  }

  static void write(JsonWriter json, Silence silence) throws IOException {
    json.beginObject()
        .field("id", silence.id())
        .field("alert", silence.alert())
        .field("labels", silence.labels())
        .field("from", silence.from())
        .field("to", silence.to())
        .field("by", silence.by())
        .field("why", silence.why())
        .endObject();
  }

  /**
   * An open incident that was kept.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Alert alert(Map<String, @Nullable Object> kept) {
    Set<Severity> told = new HashSet<>();
    Json.asList(kept.get("told")).forEach(word -> told.add(Severity.of(String.valueOf(word))));
    Severity severity = Severity.of(text(kept, "severity"));
    Finding finding =
        new Finding(
            text(kept, "alert"),
            labels(kept.get("labels")),
            severity,
            number(kept.get("value")),
            number(kept.get("expected")),
            number(kept.get("low")),
            number(kept.get("high")),
            time(kept, "since"),
            text(kept, "words"));
    return new Alert(
        Json.asLong(kept.get("id"), 0), finding, severity, time(kept, "opened"), null, told, "");
  }

  /**
   * A silence that was kept.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Silence silence(Map<String, @Nullable Object> kept) {
    return new Silence(
        Json.asLong(kept.get("id"), 0),
        text(kept, "alert"),
        labels(kept.get("labels")),
        time(kept, "from"),
        time(kept, "to"),
        text(kept, "by"),
        text(kept, "why"));
  }

  static SortedMap<String, String> labels(@Nullable Object value) {
    SortedMap<String, String> labels = new TreeMap<>();
    Json.asObject(value).forEach((name, label) -> labels.put(name, String.valueOf(label)));
    return labels;
  }

  private static String text(Map<String, @Nullable Object> object, String name) {
    Object value = object.get(name);
    return value == null ? "" : value.toString();
  }

  private static double number(@Nullable Object value) {
    return value instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  private static Instant time(Map<String, @Nullable Object> object, String name) {
    try {
      return Instant.parse(text(object, name));
    } catch (DateTimeException wrong) {
      throw new IllegalArgumentException(name + " is no time: " + wrong.getMessage(), wrong);
    }
  }
}
