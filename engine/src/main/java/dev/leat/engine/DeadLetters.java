package dev.leat.engine;

import dev.leat.event.Replay.Filter;
import dev.leat.event.SystemTable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the dead letters that were not sent again, in the order of the log. Any thread. */
final class DeadLetters {
  private static final String TABLE = SystemTable.DEAD_LETTERS.tableName();

  private final Tables tables;

  DeadLetters(Tables tables) {
    this.tables = tables;
  }

  /** How many the filter meets below an offset. */
  long count(Filter filter, long below) throws InterruptedException {
    Conditions where = Conditions.of(filter);
    where.add("log_offset < ?", below);
    return tables
        .ask("SELECT count(*) AS n FROM " + TABLE + where.sql(), where.values, 1)
        .getFirst()
        .number("n");
  }

  /** The next ones after an offset and below another. */
  List<DeadLetter> next(Filter filter, long after, long below, int limit)
      throws InterruptedException {
    Conditions where = Conditions.of(filter);
    where.add("log_offset > ?", after);
    where.add("log_offset < ?", below);
    return tables
        .ask(
            "SELECT %s FROM %s%s ORDER BY log_offset LIMIT %d"
                .formatted(DeadLetter.COLUMNS, TABLE, where.sql(), limit),
            where.values,
            limit)
        .stream()
        .map(DeadLetter::new)
        .toList();
  }

  private static final class Conditions {
    private final List<String> conditions = new ArrayList<>();
    private final List<@Nullable Object> values = new ArrayList<>();

    static Conditions of(Filter filter) {
      Conditions where = new Conditions();
      where.add("stream = ?", filter.stream());
      where.add("stage = ?", filter.stage());
      where.add("reason = ?", filter.reason());
      where.add("rule = ?", filter.rule());
      where.addPointer(filter.pointer());
      where.add("source = ?", filter.source());
      where.add("id = ?", filter.id());
      where.add("received_at >= ?::TIMESTAMPTZ", time(filter.after()));
      where.add("received_at < ?::TIMESTAMPTZ", time(filter.before()));
      where.add("log_offset = ?", filter.offset());
      where.add("attempt <= ?", filter.maxAttempt());
      return where;
    }

    /** An empty pointer means the data as a whole, whether the cause has a pointer or not. */
    private void addPointer(@Nullable String pointer) {
      if (pointer != null && pointer.isEmpty()) {
        conditions.add("coalesce(pointer, '') = ''");
      } else {
        add("pointer = ?", pointer);
      }
    }

    private static @Nullable String time(@Nullable Long micros) {
      return micros == null ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }

    private void add(String condition, @Nullable Object value) {
      if (value != null) {
        conditions.add(condition);
        values.add(value);
      }
    }

    String sql() {
      return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    }
  }
}
