package dev.leat.query;

import dev.leat.event.EventStore.Freshness;
import dev.leat.event.ViewSpec;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How the freshness of an answer is told. */
final class Freshnesses {
  private Freshnesses() {}

  /**
   * The position of the last event that was looked at, in the same spelling as the collector's
   * answer, so that the two compare; null while there is none. Text, so that JavaScript does not
   * round it.
   */
  static @Nullable String position(long visibleOffset) {
    return visibleOffset == 0 ? null : Long.toString(visibleOffset - 1);
  }

  /** The member {@code asOf} of an answer that no commit of the store is behind. */
  static void write(JsonWriter json, long visibleOffset, Instant now) throws IOException {
    json.name("asOf")
        .beginObject()
        .field("position", position(visibleOffset))
        .field("time", now.truncatedTo(ChronoUnit.MILLIS))
        .endObject();
  }

  /** The member {@code asOf}; with how far the views have come that the answer was read from. */
  static void write(JsonWriter json, Freshness freshness, Instant now) throws IOException {
    json.name("asOf")
        .beginObject()
        .field("position", position(freshness.visibleOffset()))
        .field("commit", freshness.commitVersion())
        .field("time", now.truncatedTo(ChronoUnit.MILLIS));
    if (!freshness.views().isEmpty()) {
      json.name("views").beginObject();
      for (ViewSpec.Status view : new TreeMap<>(freshness.views()).values()) {
        json.name(view.name())
            .beginObject()
            .field("position", position(view.asOf()))
            .field("time", Instant.EPOCH.plus(view.asOfMicros(), ChronoUnit.MICROS))
            .endObject();
      }
      json.endObject();
    }
    json.endObject();
  }
}
