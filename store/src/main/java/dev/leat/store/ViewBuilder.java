package dev.leat.store;

import dev.leat.event.SystemTable;
import dev.leat.event.ViewSpec;
import dev.leat.store.TableNames.Form;
import dev.leat.store.TableNames.Named;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Computes the result of a view as of now, whole or out of the one before and the rows since. For
 * one thread at a time.
 */
final class ViewBuilder {
  private static final String SUPERSEDED = SystemTable.SUPERSEDED.tableName();

  private final Sources sources;
  private final DuckDatabase database;
  private final RowTables rows;
  private final ViewWriter writer;
  private final InstantSource clock;
  private final SqlErrors errors;

  ViewBuilder(
      Sources sources,
      DuckDatabase database,
      RowTables rows,
      ViewWriter writer,
      InstantSource clock) {
    this.sources = sources;
    this.database = database;
    this.rows = rows;
    this.writer = writer;
    this.clock = clock;
    this.errors = new SqlErrors(sources.directory());
  }

  /**
   * The result as of now; the files of the one before that it does not name are not needed any
   * more.
   *
   * @param base the one before, or null
   */
  ViewResult build(ViewSpec spec, @Nullable ViewResult base)
      throws SQLException, IOException, SqlRefused {
    try {
      ViewResult result = attempt(spec, base);
      return result != null ? result : computed(attempt(spec, null));
    } catch (SQLException failure) {
      boolean following = base != null && spec.refresh() == null;
      if (!following || !mayGoAnew(failure)) {
        throw failure;
      }
      ViewResult result = computed(attempt(spec, null));
      System.getLogger(ViewBuilder.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "the view " + spec.name() + " was computed anew, as it could not be carried on",
              failure);
      return result;
    }
  }

  /** Whether it may go well from nothing: what takes too much or too long would take more. */
  private boolean mayGoAnew(SQLException failure) {
    return switch (errors.explain(failure).reason()) {
      case TIMEOUT, MEMORY -> false;
      case INVALID, FORBIDDEN, BUSY, FAILED -> !(failure instanceof SQLTimeoutException);
    };
  }

  private static ViewResult computed(@Nullable ViewResult result) {
    if (result == null) {
      throw new IllegalStateException("a view that starts from nothing can't have to start anew");
    }
    return result;
  }

  /** Null if the columns have changed since, so that the result has to be computed whole. */
  private @Nullable ViewResult attempt(ViewSpec spec, @Nullable ViewResult base)
      throws SQLException, IOException, SqlRefused {
    try (Connection connection = database.connect();
        StatementTables tables =
            new StatementTables(sources, connection, rows, sources.views().before(spec.name()))) {
      SqlParser.Parsed parsed = ViewPlan.parse(connection, spec.select());
      SqlGuard.Use use = SqlGuard.check(parsed.tree(), tables.names());
      Named source = ViewPlan.source(spec, parsed, tables.names());
      Step step = new Step(spec, connection, tables, parsed, use);
      return source == null ? whole(step, base) : following(step, source, base);
    } catch (SQLException failure) {
      if (DuckDatabase.isFatal(failure)) {
        database.invalidate();
      }
      throw failure;
    }
  }

  private record Step(
      ViewSpec spec,
      Connection connection,
      StatementTables tables,
      SqlParser.Parsed parsed,
      SqlGuard.Use use) {
    Tables.Moment moment() {
      return tables.moment();
    }

    ViewPlan plan(@Nullable Named source) throws SQLException, IOException, SqlRefused {
      tables.create(use, DataMentions.in(parsed.tree(), tables.names()));
      return ViewPlan.bind(ViewPlan.shape(parsed, source, connection), spec.select(), connection);
    }
  }

  private ViewResult whole(Step step, @Nullable ViewResult base)
      throws SQLException, IOException, SqlRefused {
    String inputs = inputs(step);
    if (base != null && !inputs.isEmpty() && inputs.equals(base.inputs())) {
      return base;
    }
    step.tables().provide(step.use());
    ViewPlan plan = step.plan(null);
    long asOf = step.moment().nextOffset();
    for (ViewSpec.Status view : step.tables().views().values()) {
      asOf = Math.min(asOf, view.asOf());
    }
    ViewResult.Part part =
        writer.write(step.connection(), step.spec(), plan.kept(), all(ViewPlan.SELECT));
    return new ViewResult(
        step.spec().select(),
        false,
        asOf,
        nowMicros(),
        part.rows(),
        0,
        inputs,
        plan.columns(),
        plan.kept(),
        plan.shown(),
        List.of(part));
  }

  /** The same for the same rows; empty if more than rows decides on the result. */
  private String inputs(Step step) {
    boolean more =
        ViewPlan.isVolatile(step.parsed().tree())
            || step.use().read().stream().anyMatch(named -> named.form() == Form.PROVIDED);
    if (more) {
      return "";
    }
    Set<String> inputs = new TreeSet<>();
    inputs.add("below " + step.moment().nextOffset());
    for (Named named : step.use().read()) {
      inputs.add(
          switch (named.form()) {
            case VIEW -> sources.views().edition(named.table());
            case PLAIN, HISTORY, CURRENT, PROVIDED ->
                named.table() + " without " + expired(step, named.table());
          });
    }
    return inputs.toString();
  }

  private static long expired(Step step, String table) {
    return step.moment().snapshot().of(table).expiredRows();
  }

  private @Nullable ViewResult following(Step step, Named source, @Nullable ViewResult base)
      throws SQLException, IOException, SqlRefused {
    long next = step.moment().nextOffset();
    long expired = expired(step, source.table());
    boolean carry =
        base != null
            && base.incremental()
            && base.asOf() <= next
            && base.expired() == expired
            && !isSuperseded(step, source, base.asOf());
    ViewResult before = carry ? base : null;
    long from = before == null ? 0 : before.asOf();
    if (before != null && step.moment().isEmptyFrom(source.table(), from)) {
      return before.at(next, nowMicros(), "");
    }
    step.tables().stored().restrict(new QueryViews.Stretch(source.table(), from, next));
    ViewPlan plan = step.plan(source);
    if (before != null && !plan.carriesOn(before)) {
      return null;
    }
    List<ViewResult.Part> parts =
        plan.shape() instanceof ViewShape.Groups groups
            ? List.of(
                writer.write(
                    step.connection(), step.spec(), plan.kept(), merged(groups, plan, before)))
            : appended(step, plan, before);
    ViewResult result =
        new ViewResult(
            step.spec().select(),
            true,
            next,
            nowMicros(),
            parts.stream().mapToLong(ViewResult.Part::rows).sum(),
            expired,
            "",
            plan.columns(),
            plan.kept(),
            plan.shown(),
            parts);
    if (!(plan.shape() instanceof ViewShape.Groups groups) || !groups.filtered()) {
      return result;
    }
    try {
      return result.showing(count(step, "(" + result.sql(sources.directory()) + ")"));
    } catch (SQLException | RuntimeException failure) {
      parts.stream()
          .filter(part -> before == null || !before.parts().contains(part))
          .forEach(writer::discard);
      throw failure;
    }
  }

  /** Whether rows that are in a result don't count any more by what came since. */
  private boolean isSuperseded(Step step, Named source, long since)
      throws SQLException, IOException, SqlRefused {
    if (source.form() != Form.PLAIN
        || source.table().equals(SUPERSEDED)
        || step.moment().isEmptyFrom(SUPERSEDED, since)) {
      return false;
    }
    step.tables()
        .stored()
        .create(
            Set.of(new Named(SUPERSEDED, Form.HISTORY)),
            DataMentions.ofEverything(step.tables().names()),
            sources.definitions());
    return count(
            step,
            "%s WHERE of_table = %s AND log_offset >= %d AND of_offset < %d"
                .formatted(
                    QueryViews.reference(SUPERSEDED + TableNames.HISTORY),
                    TableSql.literal(source.table()),
                    since,
                    since))
        > 0;
  }

  private static long count(Step step, String from) throws SQLException {
    try (Statement statement = step.connection().createStatement();
        ResultSet result = statement.executeQuery("SELECT count(*) FROM " + from)) {
      result.next();
      return result.getLong(1);
    }
  }

  /** The groups of new rows, merged with those there are. */
  private String merged(ViewShape.Groups groups, ViewPlan plan, @Nullable ViewResult before) {
    if (before == null) {
      return all(ViewPlan.PARTIAL);
    }
    List<String> values = new ArrayList<>();
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < plan.kept().size(); i++) {
      String column = ViewResult.column(i);
      ViewShape.Merge merge = groups.kept().get(i);
      values.add(plan.kept().get(i).fromFile(merge.sql(column)) + " AS " + column);
      if (merge == ViewShape.Merge.KEY) {
        keys.add(column);
      }
    }
    return "SELECT %s FROM (%s UNION ALL %s)%s"
        .formatted(
            String.join(", ", values),
            before.keptSql(sources.directory()),
            all(ViewPlan.PARTIAL),
            keys.isEmpty() ? "" : " GROUP BY " + String.join(", ", keys));
  }

  /**
   * The parts with the new rows behind them. Parts are put together so that each is at least twice
   * as large as all after it: there are few, and no row is written often.
   */
  private List<ViewResult.Part> appended(Step step, ViewPlan plan, @Nullable ViewResult before)
      throws SQLException, IOException, SqlRefused {
    ViewResult.Part fresh =
        writer.write(step.connection(), step.spec(), plan.kept(), all(ViewPlan.SELECT));
    if (before == null) {
      return List.of(fresh);
    }
    List<ViewResult.Part> parts = new ArrayList<>(before.parts());
    if (fresh.rows() == 0) {
      writer.discard(fresh);
      return parts;
    }
    List<ViewResult.Part> small = new ArrayList<>(List.of(fresh));
    long total = fresh.rows();
    while (!parts.isEmpty() && parts.getLast().rows() <= 2 * total) {
      total += parts.getLast().rows();
      small.addFirst(parts.removeLast());
    }
    try {
      writer.checkRows(parts.stream().mapToLong(ViewResult.Part::rows).sum() + total);
      parts.add(
          small.size() == 1
              ? fresh
              : writer.write(
                  step.connection(),
                  step.spec(),
                  plan.kept(),
                  before.in(small).keptSql(sources.directory())));
    } catch (SQLException | IOException | SqlRefused failure) {
      writer.discard(fresh);
      throw failure;
    }
    if (small.size() > 1) {
      writer.discard(fresh);
    }
    return parts;
  }

  private static String all(String view) {
    return "SELECT * FROM " + QueryViews.reference(view);
  }

  private long nowMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
  }
}
