package dev.leat.testkit;

import dev.leat.event.EventStore;
import dev.leat.event.EventStore.Answer;
import dev.leat.event.EventStore.ColumnInfo;
import dev.leat.event.EventStore.Question;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement's whole answer, held in memory.
 *
 * @param rows each row's values, in the order of the columns
 */
public record TestAnswer(Answer end, List<ColumnInfo> columns, List<List<@Nullable Object>> rows) {
  private static final Duration TIME_LIMIT = Duration.ofSeconds(30);

  /** Asks with generous limits. */
  public static TestAnswer of(EventStore store, String sql, @Nullable Object... parameters)
      throws InterruptedException {
    return of(store, new Question(sql, Arrays.asList(parameters), TIME_LIMIT, Long.MAX_VALUE));
  }

  public static TestAnswer of(EventStore store, Question question) throws InterruptedException {
    List<ColumnInfo> columns = new ArrayList<>();
    List<List<@Nullable Object>> rows = new ArrayList<>();
    Answer end =
        store.query(
            question,
            new EventStore.Receiver() {
              @Override
              public void columns(List<ColumnInfo> all) {
                columns.addAll(all);
              }

              @Override
              public void row(@Nullable Object[] values) {
                rows.add(Arrays.asList(values.clone()));
              }
            });
    return new TestAnswer(end, columns, rows);
  }

  /** The only value of the only row. */
  public @Nullable Object value() {
    if (rows.size() != 1 || rows.getFirst().size() != 1) {
      throw new AssertionError("expected one value, found " + this);
    }
    return rows.getFirst().getFirst();
  }

  /** How many rows there are, if the statement ran. */
  public long count() {
    if (end instanceof Answer.Rows ended) {
      return ended.rows();
    }
    throw new AssertionError("expected rows, found " + end);
  }

  /** Why the statement was refused. */
  public Answer.Refused refused() {
    if (end instanceof Answer.Refused refused) {
      return refused;
    }
    throw new AssertionError("expected a refusal, found " + this);
  }
}
