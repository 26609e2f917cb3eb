package dev.leat.query;

import dev.leat.event.EventStore;
import dev.leat.event.EventStore.Answer;
import dev.leat.event.EventStore.ColumnInfo;
import dev.leat.event.EventStore.Freshness;
import dev.leat.event.EventStore.Question;
import dev.leat.event.EventStore.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks the store in statements that are Leat's own. Safe for any thread. */
record Lookup(EventStore store, QueryLimits limits) {
  /** Takes a row. */
  interface Rows {
    void row(@Nullable Object[] values) throws IOException;
  }

  /** Hands over every row and says how fresh they are. */
  Freshness ask(String sql, List<@Nullable Object> parameters, long maxRows, Rows rows)
      throws InterruptedException {
    Question question = new Question(sql, parameters, limits.defaultTime(), maxRows);
    return switch (store.query(question, new Receiving(rows))) {
      case Answer.Rows answer -> answer.freshness();
      case Answer.Refused refused -> throw new ProblemException(Problem.of(blameless(refused)));
    };
  }

  /** Whoever asked did not write the statement, so its mistakes are not theirs. */
  private static Answer.Refused blameless(Answer.Refused refused) {
    return switch (refused.reason()) {
      case INVALID, FORBIDDEN -> new Answer.Refused(Reason.FAILED, refused.message());
      case TIMEOUT, MEMORY, BUSY, FAILED -> refused;
    };
  }

  private record Receiving(Rows rows) implements EventStore.Receiver {
    @Override
    public void columns(List<ColumnInfo> columns) {
      // The statement says which they are.
    }

    @Override
    public void row(@Nullable Object[] values) {
      try {
        rows.row(values);
      } catch (IOException broken) {
        throw new UncheckedIOException(broken);
      }
    }
  }
}
