package dev.leat.store;

import dev.leat.event.EventStore.Answer;
import dev.leat.event.EventStore.ColumnInfo;
import dev.leat.event.EventStore.Freshness;
import dev.leat.event.EventStore.Question;
import dev.leat.event.EventStore.Reason;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Works on one statement from its text to its last row: check, snapshot, view, rows. Any thread,
 * one per statement.
 */
final class QueryWorker {
  private static final int BATCH_ROWS = 256;
  private static final long BATCH_WEIGHT = 1 << 20;

  private final Sources sources;
  private final DuckDatabase database;
  private final RowTables rows;
  private final SqlErrors errors;

  QueryWorker(Sources sources, DuckDatabase database, RowTables rows) {
    this.sources = sources;
    this.database = database;
    this.rows = rows;
    this.errors = new SqlErrors(sources.directory());
  }

  Answer answer(Question question, QueryRun run) throws InterruptedException {
    try (Connection connection = database.connect()) {
      run.uses(connection);
      return checked(question, run, connection);
    } catch (SqlRefused refused) {
      return new Answer.Refused(refused.reason(), refused.text());
    } catch (SQLException failure) {
      if (DuckDatabase.isFatal(failure)) {
        database.invalidate();
      }
      SqlRefused refused = errors.explain(failure);
      return new Answer.Refused(refused.reason(), refused.text());
    } catch (IOException | RuntimeException failure) {
      System.getLogger(QueryWorker.class.getName())
          .log(System.Logger.Level.WARNING, "a statement failed", failure);
      return new Answer.Refused(
          Reason.FAILED,
          errors.clean("the store could not run the statement: " + failure.getMessage()));
    }
  }

  private Answer checked(Question question, QueryRun run, Connection connection)
      throws SQLException, SqlRefused, IOException, InterruptedException {
    SqlParser.Parsed parsed = SqlParser.parse(connection, question.sql());
    try (StatementTables tables =
        new StatementTables(sources, connection, rows, sources.views().names())) {
      SqlGuard.Use use = SqlGuard.check(parsed.tree(), tables.names());
      run.awaits(Thread.currentThread());
      try {
        tables.provide(use);
      } finally {
        run.awaits(null);
      }
      tables.create(use, DataMentions.in(parsed.tree(), tables.names()));
      Tables.Moment moment = tables.moment();
      Freshness freshness =
          new Freshness(moment.nextOffset(), moment.snapshot().version(), tables.views());
      return execute(question, parsed, run, connection, freshness);
    }
  }

  private Answer execute(
      Question question,
      SqlParser.Parsed parsed,
      QueryRun run,
      Connection connection,
      Freshness freshness)
      throws SQLException, InterruptedException {
    try (PreparedStatement statement = connection.prepareStatement(parsed.sql())) {
      for (int i = 0; i < question.parameters().size(); i++) {
        statement.setObject(i + 1, question.parameters().get(i));
      }
      run.executes(statement);
      try (ResultSet result = statement.executeQuery()) {
        run.executes(null);
        return fetch(question, parsed, run, result, freshness);
      } finally {
        run.executes(null);
      }
    }
  }

  private Answer fetch(
      Question question,
      SqlParser.Parsed parsed,
      QueryRun run,
      ResultSet result,
      Freshness freshness)
      throws SQLException, InterruptedException {
    List<ColumnInfo> columns = columns(result.getMetaData());
    run.tell(new QueryRun.Message.Columns(columns));
    List<@Nullable Object[]> batch = new ArrayList<>();
    long weight = 0;
    long count = 0;
    boolean truncated = false;
    while (!run.isStopped() && result.next()) {
      if (count == question.maxRows()) {
        truncated = true;
        break;
      }
      @Nullable Object[] row = SqlValues.row(result, columns.size());
      if (parsed.explained()) {
        hidePaths(row);
      }
      batch.add(row);
      weight += SqlValues.weight(row);
      count++;
      if (batch.size() == BATCH_ROWS || weight > BATCH_WEIGHT) {
        run.tell(new QueryRun.Message.Rows(batch));
        batch = new ArrayList<>();
        weight = 0;
      }
    }
    run.tell(new QueryRun.Message.Rows(batch));
    return new Answer.Rows(count, truncated, freshness);
  }

  private void hidePaths(@Nullable Object[] row) {
    for (int i = 0; i < row.length; i++) {
      if (row[i] instanceof String text) {
        row[i] = errors.clean(text);
      }
    }
  }

  private static List<ColumnInfo> columns(ResultSetMetaData meta) throws SQLException {
    List<ColumnInfo> columns = new ArrayList<>();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      columns.add(new ColumnInfo(meta.getColumnName(i), meta.getColumnTypeName(i)));
    }
    return columns;
  }
}
