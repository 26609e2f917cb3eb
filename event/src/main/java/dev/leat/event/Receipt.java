package dev.leat.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an event is now, and where its copies went.
 *
 * @param state of the event: if it was stored and copies came later, STORED
 * @param stream the stream it belongs to; null while nobody knows
 * @param position its offset in the log; -1 if unknown
 * @param steps everything known about events with this source and id, by position
 * @param complete false if the log holds so much that was not looked at yet that the event may be
 *     in there
 */
public record Receipt(
    State state, @Nullable String stream, long position, List<Step> steps, boolean complete) {
  public Receipt {
    steps = List.copyOf(steps);
  }

  /** Where an event can be. */
  public enum State {
    /** Durable, and not decided on yet. */
    BUFFERED,
    STORED,
    /** A copy of an event that came before. */
    DUPLICATE,
    DEAD_LETTER,
    FILTERED,
    UNKNOWN;

    /** As the HTTP interface spells it. */
    public String label() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }

  /** One appearance of the event in the log. {@code detail} says why, where there is a why. */
  public record Step(long position, State state, @Nullable String stream, String detail) {}
}
