package dev.leat.trials;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What metrics over the flights must be, by queries over the file. For one thread. */
final class FlightsOracle implements AutoCloseable {
  /** docs/metrics.md: shares of the rank, of the value, and of a window's count. */
  private static final double RANK_BOUND = 0.008;

  private static final double DISTINCT_BOUND = 0.0325;
  private static final double TOP_BOUND = 0.021;

  /** What a bound's confidence leaves: of ranks 1 %, of distinct values 5 %. */
  private static final double OUTSIDE_RANK = 0.01;

  private static final double OUTSIDE_DISTINCT = 0.05;

  private final Connection database;
  private final long flights;

  /**
   * @param scratch the database's file, made anew
   */
  FlightsOracle(Path scratch, Path parquet) throws IOException, SQLException {
    Files.deleteIfExists(scratch);
    this.database = DriverManager.getConnection("jdbc:duckdb:" + scratch);
    run("SET memory_limit = '5GB'");
    run("SET timezone = 'UTC'");
    run(
        "CREATE TABLE flights AS SELECT row_number() OVER () AS rn, date, delay, distance, origin,"
            + " destination FROM read_parquet('%s')".formatted(parquet));
    this.flights = number("SELECT count(*) FROM flights");
  }

  long flights() {
    return flights;
  }

  /** Writes the flights shuffled within an hour, one percent of them up to a day late. */
  Path shuffle(Path target, long seed) throws SQLException {
    run(
        """
        COPY (SELECT rn, date, delay, distance, origin, destination FROM flights
              ORDER BY date + to_seconds(hash(rn, %1$d) %% 3600)
                + CASE WHEN hash(rn, %1$d + 1) %% 100 = 0
                    THEN to_seconds(hash(rn, %1$d + 2) %% 86400) ELSE INTERVAL 0 SECOND END, rn)
        TO '%2$s' (FORMAT parquet)
        """
            .formatted(seed, target));
    return target;
  }

  /**
   * Compares all results of a metric, and says what was found.
   *
   * @param results an object on each line, as the server gives them
   */
  boolean compare(String metric, Path results, Consumer<String> say)
      throws IOException, SQLException {
    run(script("flights-windows-" + metric + ".sql"));
    run(script("flights-compare.sql").replace("$RESULTS", results.toString()));
    long expected = number("SELECT count(*) FROM expected");
    long missing = number("SELECT count(*) FROM compared WHERE served.flights IS NULL");
    long extra = number("SELECT count(*) FROM compared WHERE due.flights IS NULL");
    say.accept(
        "%s: %,d windows due, %,d missing, %,d too many"
            .formatted(metric, expected, missing, extra));
    boolean equal = missing == 0 && extra == 0;
    List<String> off = new ArrayList<>();
    for (String measure : List.of("flights", "total", "mean", "least", "most")) {
      long different =
          number(
              "SELECT count(*) FROM compared WHERE due.%1$s IS DISTINCT FROM served.%1$s"
                  .formatted(measure));
      off.add("%s %,d".formatted(measure, different));
      equal &= different == 0;
    }
    say.accept("  windows that differ: " + String.join(", ", off));
    equal &=
        bound(
            say,
            "distinct",
            "abs(served.places - due.places) / due.places",
            "compared",
            DISTINCT_BOUND,
            OUTSIDE_DISTINCT);
    equal &= bound(say, "rank of the 90th percentile", "error", "ranks", RANK_BOUND, OUTSIDE_RANK);
    equal &= bound(say, "counts of top items", "abs(error)", "tops", TOP_BOUND, 0);
    return equal;
  }

  private boolean bound(
      Consumer<String> say, String what, String error, String table, double bound, double share)
      throws SQLException {
    double most = real("SELECT coalesce(max(%s), 0) FROM %s".formatted(error, table));
    long all = number("SELECT count(*) FROM " + table);
    long outside = number("SELECT count(*) FROM %s WHERE %s > %s".formatted(table, error, bound));
    long exact = number("SELECT count(*) FROM %s WHERE %s = 0".formatted(table, error));
    say.accept(
        "  %s: exact in %,d of %,d, at most %.2f %% off (stated %.2f %%), outside of that %,d"
            .formatted(what, exact, all, most * 100, bound * 100, outside));
    return all > 0 && outside <= all * share;
  }

  private static String script(String name) throws IOException {
    try (InputStream stream = FlightsOracle.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IOException("the resource " + name + " is missing");
      }
      return new String(stream.readAllBytes(), UTF_8);
    }
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = database.createStatement()) {
      statement.execute(sql);
    }
  }

  private long number(String sql) throws SQLException {
    try (Statement statement = database.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  private double real(String sql) throws SQLException {
    try (Statement statement = database.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getDouble(1);
    }
  }

  @Override
  public void close() throws SQLException {
    database.close();
  }
}
