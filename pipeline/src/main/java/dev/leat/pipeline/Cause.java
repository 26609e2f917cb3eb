package dev.leat.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * Why an event became a dead letter: the columns of {@code dead_letters} that groups are made by,
 * and what helps to repair it.
 *
 * @param stage which stage it failed: decode, schema, rule, correction, entity, enrich
 * @param reason a code that stays the same from version to version
 * @param pointer where in the data; null if it is not about a place
 * @param rule the rule, the keyword of the schema, or the lookup
 * @param expected in words; null if the reason says it all
 * @param found the value, cut short
 */
record Cause(
    String stage,
    String reason,
    @Nullable String pointer,
    @Nullable String rule,
    @Nullable String expected,
    @Nullable String found) {
  private static final int MAX_CHARACTERS = 500;

  Cause {
    expected = cut(expected);
    found = cut(found);
  }

  /** In one line, for people. */
  String line() {
    StringBuilder line = new StringBuilder(stage).append(": ").append(reason);
    if (rule != null) {
      line.append(' ').append(rule);
    }
    if (pointer != null && !pointer.isEmpty()) {
      line.append(" at ").append(pointer);
    }
    return line.toString();
  }

  private static @Nullable String cut(@Nullable String text) {
    return text == null || text.length() <= MAX_CHARACTERS
        ? text
        : text.substring(0, MAX_CHARACTERS - 1) + "…";
  }
}
