package dev.leat.query;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of time as a body says it, {@code {"from": "-1d", "to": "now"}}, in microseconds.
 *
 * @param from included
 * @param to not included
 */
record Stretch(long from, long to) {
  private static final List<String> KNOWN = List.of("from", "to");
  private static final String EXAMPLE =
      "{\"from\": \"2026-01-31T00:00:00Z\", \"to\": \"2026-02-01T00:00:00Z\"}";

  static Stretch parse(byte[] body, Instant now) {
    return new Reading(new JsonBody(body), now).stretch();
  }

  private static final class Reading {
    private final JsonBody body;
    private final Instant now;
    private @Nullable Long from;
    private @Nullable Long to;

    Reading(JsonBody body, Instant now) {
      this.body = body;
      this.now = now;
    }

    Stretch stretch() {
      body.document(EXAMPLE, KNOWN, this::member);
      if (from == null || to == null) {
        throw JsonBody.invalid(
            "The field '%s' is missing; the body looks like %s"
                .formatted(from == null ? "from" : "to", EXAMPLE));
      }
      MetricQuestion.requireOrder(from, to);
      return new Stretch(Objects.requireNonNull(from), Objects.requireNonNull(to));
    }

    private boolean member(String name) {
      switch (name) {
        case "from" -> from = Times.micros(name, body.string(), now);
        case "to" -> to = Times.micros(name, body.string(), now);
        default -> {
          return false;
        }
      }
      return true;
    }
  }
}
