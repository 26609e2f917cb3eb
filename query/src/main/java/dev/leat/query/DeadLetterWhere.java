package dev.leat.query;

import dev.leat.event.Replay;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The condition of a statement over dead letters, with the values of its question marks. */
final class DeadLetterWhere {
  private final List<String> conditions = new ArrayList<>();
  private final List<@Nullable Object> parameters = new ArrayList<>();

  DeadLetterWhere(Replay.Filter filter) {
    equal("stream", filter.stream());
    equal("stage", filter.stage());
    equal("reason", filter.reason());
    equal("rule", filter.rule());
    equal("pointer", filter.pointer());
    equal("source", filter.source());
    equal("id", filter.id());
    add("received_at >= make_timestamptz(?)", filter.after());
    add("received_at < make_timestamptz(?)", filter.before());
    add("log_offset = ?", filter.offset());
    add("attempt <= ?", filter.maxAttempt());
  }

  /** Nothing to be added if the value is null. */
  DeadLetterWhere add(String condition, @Nullable Object value) {
    if (value != null) {
      conditions.add(condition);
      parameters.add(value);
    }
    return this;
  }

  String sql() {
    return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
  }

  List<@Nullable Object> parameters() {
    return parameters;
  }

  private void equal(String column, @Nullable String value) {
    // What has no pointer is about the whole document, however it was written down.
    String missing = "".equals(value) ? "coalesce(%s, '')" : "%s";
    add(missing.formatted(column) + " = ?", value);
  }
}
