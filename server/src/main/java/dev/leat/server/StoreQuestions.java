package dev.leat.server;

import dev.leat.event.EventStore;
import dev.leat.event.EventStore.Answer;
import dev.leat.event.EventStore.ColumnInfo;
import dev.leat.event.EventStore.Question;
import dev.leat.event.SystemTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts rows in a store that this process has opened itself. For one thread. */
final class StoreQuestions {
  private static final Duration PATIENCE = Duration.ofMinutes(30);
  private static final long MAX_ROWS = 100_000;

  private final EventStore store;

  /**
   * What came of the events of a stream.
   *
   * @param rows in its table, superseded ones included
   * @param deadLetters all there were
   * @param discarded duplicates, and what a rule dropped
   */
  record Came(long rows, long deadLetters, long discarded) {
    static final Came NOTHING = new Came(0, 0, 0);

    Came with(Came more) {
      return new Came(rows + more.rows, deadLetters + more.deadLetters, discarded + more.discarded);
    }
  }

  StoreQuestions(EventStore store) {
    this.store = store;
  }

  /** The rows of a table that there are, superseded ones included. */
  long count(String table) throws InterruptedException {
    return number(
        ask("SELECT count(*) FROM %s".formatted(history(table)), List.of()).getFirst().getFirst());
  }

  /** What came of the events in a stretch of the log, by stream. */
  Map<String, Came> came(long from, long to) throws InterruptedException {
    Map<String, Came> all = new TreeMap<>();
    for (var table : store.tables()) {
      if (!SystemTable.isReserved(table.name())) {
        String sql =
            "SELECT count(*) FROM %s WHERE log_offset >= ? AND log_offset < ?"
                .formatted(history(table.name()));
        long rows = number(ask(sql, List.of(from, to)).getFirst().getFirst());
        add(all, table.name(), new Came(rows, 0, 0));
      } else if (table.name().equals(SystemTable.DEAD_LETTERS.tableName())) {
        byStream(table.name(), from, to).forEach((name, n) -> add(all, name, new Came(0, n, 0)));
      } else if (table.name().equals(SystemTable.DISCARDED.tableName())) {
        byStream(table.name(), from, to).forEach((name, n) -> add(all, name, new Came(0, 0, n)));
      }
    }
    all.values().removeIf(Came.NOTHING::equals);
    return all;
  }

  private static void add(Map<String, Came> all, String stream, Came more) {
    all.merge(stream, more, Came::with);
  }

  private Map<String, Long> byStream(String table, long from, long to) throws InterruptedException {
    String sql =
        "SELECT stream, count(*) FROM %s WHERE log_offset >= ? AND log_offset < ? GROUP BY stream"
            .formatted(history(table));
    Map<String, Long> counts = new TreeMap<>();
    for (List<@Nullable Object> row : ask(sql, List.of(from, to))) {
      counts.put(String.valueOf(row.get(0)), number(row.get(1)));
    }
    return counts;
  }

  private static String history(String table) {
    return "\"" + table.replace("\"", "\"\"") + "_history\"";
  }

  private static long number(@Nullable Object value) {
    return Json.asLong(value, -1);
  }

  private List<List<@Nullable Object>> ask(String sql, List<@Nullable Object> parameters)
      throws InterruptedException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    EventStore.Receiver receiver =
        new EventStore.Receiver() {
          @Override
          public void columns(List<ColumnInfo> columns) {}

          @Override
          public void row(@Nullable Object[] values) {
            rows.add(Arrays.asList(values.clone()));
          }
        };
    return switch (store.query(new Question(sql, parameters, PATIENCE, MAX_ROWS), receiver)) {
      case Answer.Rows _ -> rows;
      case Answer.Refused refused ->
          throw new CommandFailure("the tables can't be read: " + refused.message());
    };
  }
}
