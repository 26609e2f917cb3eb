package dev.leat.engine;

import dev.leat.event.EventStore;
import dev.leat.event.EventStore.Answer;
import dev.leat.event.EventStore.ColumnInfo;
import dev.leat.event.EventStore.Question;
import dev.leat.event.EventStore.Receiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The engine's own questions to the tables, whose answers are small. Any thread. */
final class Tables {
  private static final Duration TIME_LIMIT = Duration.ofSeconds(30);

  private final EventStore store;

  Tables(EventStore store) {
    this.store = store;
  }

  /** A row by column names. */
  record Found(Map<String, @Nullable Object> values) {
    String text(String column) {
      Object value = values.get(column);
      return value == null ? "" : value.toString();
    }

    @Nullable String textOrNull(String column) {
      Object value = values.get(column);
      return value == null ? null : value.toString();
    }

    long number(String column) {
      return values.get(column) instanceof Number number ? number.longValue() : 0;
    }

    @Nullable Object value(String column) {
      return values.get(column);
    }
  }

  /**
   * The rows of a statement, at most {@code maxRows} of them.
   *
   * @throws TablesException if the tables can't answer now
   */
  List<Found> ask(String sql, List<@Nullable Object> parameters, long maxRows)
      throws InterruptedException {
    Rows rows = new Rows();
    Answer answer = store.query(new Question(sql, parameters, TIME_LIMIT, maxRows), rows);
    if (answer instanceof Answer.Refused refused) {
      throw new TablesException(refused.message());
    }
    return rows.found;
  }

  /** The tables could not answer; the message says why. */
  static final class TablesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TablesException(String message) {
      super(message);
    }
  }

  private static final class Rows implements Receiver {
    private final List<Found> found = new ArrayList<>();
    private List<ColumnInfo> columns = List.of();

    @Override
    public void columns(List<ColumnInfo> names) {
      columns = names;
    }

    @Override
    public void row(@Nullable Object[] values) {
      Map<String, @Nullable Object> row = new HashMap<>();
      for (int i = 0; i < values.length; i++) {
        row.put(columns.get(i).name(), values[i]);
      }
      found.add(new Found(row));
    }
  }
}
