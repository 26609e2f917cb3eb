package dev.leat.query;

import dev.leat.event.Replay;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads which dead letters a request is about: the same names in a URL and in a JSON body. For one
 * request.
 */
final class DeadLetterFilter {
  /** Every name there is. */
  static final List<String> NAMES =
      List.of(
          "stream",
          "stage",
          "reason",
          "rule",
          "pointer",
          "source",
          "id",
          "after",
          "before",
          "offset",
          "maxAttempt");

  private static final List<String> NUMBERS = List.of("offset", "maxAttempt");

  /** The one text that says something when it is empty: the whole document. */
  private static final String POINTER = "pointer";

  private final String prefix;
  private final Map<String, String> given = new HashMap<>();

  private DeadLetterFilter(String prefix) {
    this.prefix = prefix;
  }

  static Replay.Filter of(UrlParameters parameters, Instant now) {
    DeadLetterFilter filter = new DeadLetterFilter("");
    for (String name : NAMES) {
      String value = parameters.text(name);
      if (value != null) {
        filter.given.put(name, value);
      }
    }
    return filter.build(now);
  }

  /** From the object that is the body's present value. */
  static Replay.Filter of(JsonBody body, Instant now) {
    DeadLetterFilter filter = new DeadLetterFilter("filter.");
    body.object(NAMES, name -> filter.member(name, body));
    return filter.build(now);
  }

  private boolean member(String name, JsonBody body) {
    if (!NAMES.contains(name)) {
      return false;
    }
    given.put(name, NUMBERS.contains(name) ? Long.toString(body.count()) : body.string());
    return true;
  }

  private Replay.Filter build(Instant now) {
    Long after = time("after", now);
    Long before = time("before", now);
    if (after != null && before != null && after >= before) {
      throw JsonBody.invalid(
          "%safter must be earlier than %sbefore: %s is not earlier than %s"
              .formatted(prefix, prefix, Times.ofMicros(after), Times.ofMicros(before)));
    }
    return new Replay.Filter(
        text("stream"),
        text("stage"),
        text("reason"),
        text("rule"),
        text(POINTER),
        text("source"),
        text("id"),
        after,
        before,
        count("offset"),
        count("maxAttempt"));
  }

  private @Nullable String text(String name) {
    String value = given.get(name);
    if (value != null && value.isEmpty() && !name.equals(POINTER)) {
      throw JsonBody.invalid("%s%s must not be empty".formatted(prefix, name));
    }
    return value;
  }

  private @Nullable Long time(String name, Instant now) {
    String value = given.get(name);
    return value == null ? null : (Long) Times.micros(prefix + name, value, now);
  }

  private @Nullable Long count(String name) {
    String value = given.get(name);
    return value == null ? null : (Long) JsonBody.count(prefix + name, value);
  }
}
