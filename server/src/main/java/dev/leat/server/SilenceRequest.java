package dev.leat.server;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a request for a silence says, checked. */
record SilenceRequest(
    String alert,
    SortedMap<String, String> labels,
    Instant from,
    Instant to,
    String by,
    String why) {
  private static final List<String> KNOWN =
      List.of("alert", "labels", "from", "to", "for", "by", "why");
  private static final String EXAMPLE =
      "{\"alert\": \"ingest\", \"for\": \"2h\", \"why\": \"we move\"}";
  private static final Pattern LENGTH = Pattern.compile("(\\d{1,6})([smhdw])");
  private static final Duration LONGEST = Duration.ofDays(366);
  private static final int MAX_TEXT = 1_000;
  private static final int MAX_LABELS = 20;

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static SilenceRequest of(@Nullable Object body, Instant now) {
    if (!(body instanceof Map<?, ?>)) {
      throw new IllegalArgumentException("The body must be a JSON object like " + EXAMPLE);
    }
    Map<String, @Nullable Object> members = Json.asObject(body);
    for (String name : members.keySet()) {
      if (!KNOWN.contains(name)) {
        throw new IllegalArgumentException(
            "Unknown field '%s'; known are %s".formatted(name, String.join(", ", KNOWN)));
      }
    }
    Instant from = members.get("from") == null ? now : time("from", text(members, "from"));
    boolean until = members.get("to") != null;
    if (until == (members.get("for") != null)) {
      throw new IllegalArgumentException(
          "A silence has an end: either 'to' or 'for', as in " + EXAMPLE);
    }
    Instant to = until ? time("to", text(members, "to")) : from.plus(length(text(members, "for")));
    if (!from.isBefore(to) || !now.isBefore(to) || to.isAfter(now.plus(LONGEST))) {
      throw new IllegalArgumentException(
          "A silence ends after it begins, in the future, and within a year; not at " + to);
    }
    return new SilenceRequest(
        text(members, "alert"),
        labels(members.get("labels")),
        from,
        to,
        text(members, "by"),
        text(members, "why"));
  }

  private static String text(Map<String, @Nullable Object> members, String name) {
    Object value = members.get(name);
    if (value == null) {
      return "";
    }
    if (!(value instanceof String text) || text.length() > MAX_TEXT) {
      throw new IllegalArgumentException(
          "'%s' must be a text of at most %d characters".formatted(name, MAX_TEXT));
    }
    return text;
  }

  private static SortedMap<String, String> labels(@Nullable Object value) {
    if (value == null) {
      return new TreeMap<>();
    }
    boolean texts =
        value instanceof Map<?, ?> map
            && map.size() <= MAX_LABELS
            && map.values().stream().allMatch(String.class::isInstance);
    if (!texts) {
      throw new IllegalArgumentException(
          "'labels' must be an object of at most %d texts".formatted(MAX_LABELS));
    }
    return AlertJson.labels(value);
  }

  private static Instant time(String name, String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException wrong) {
      throw new IllegalArgumentException(
          "'%s' must be a time like 2026-01-31T12:00:00Z, not '%s'".formatted(name, text), wrong);
    }
  }

  private static Duration length(String text) {
    Matcher length = LENGTH.matcher(text);
    if (!length.matches()) {
      throw new IllegalArgumentException(
          "'for' must be a duration such as 90s, 10m, 2h, 7d or 1w, not '%s'".formatted(text));
    }
    long count = Long.parseLong(length.group(1));
    return switch (length.group(2)) {
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      case "d" -> Duration.ofDays(count);
      default -> Duration.ofDays(7 * count);
    };
  }
}
