package dev.leat.pipeline;

import org.jspecify.annotations.Nullable;

/** Why an event goes no further. */
sealed interface Rejection {
  /** It is kept whole, for somebody to look at. */
  record Failed(Cause cause) implements Rejection {}

  /** A rule says that events like it are not wanted. */
  record Dropped(String rule) implements Rejection {}

  /** The event at this position had the same source and id. */
  record Copied(long first) implements Rejection {}

  /** A failure of a stage. */
  static Rejection failed(
      String stage,
      String reason,
      @Nullable String pointer,
      @Nullable String rule,
      @Nullable String expected,
      @Nullable String found) {
    return new Failed(new Cause(stage, reason, pointer, rule, expected, found));
  }
}
