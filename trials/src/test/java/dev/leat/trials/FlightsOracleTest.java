package dev.leat.trials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the judge of the flights knows right results, and sees each way to be wrong. */
class FlightsOracleTest {
  private static final String NINE =
      "{\"origin\":\"LAS\",\"start\":\"2001-01-01T09:00:00Z\",\"end\":\"2001-01-01T10:00:00Z\",\"flights\":2,"
          + "\"total\":7,\"mean\":3.5,\"least\":-3,\"most\":10,\"places\":2,\"p90\":10,"
          + "\"busiest\":[{\"item\":\"LAX\",\"count\":1},{\"item\":\"PHX\",\"count\":1}]}";
  private static final String TEN =
      "{\"origin\":\"LAS\",\"start\":\"2001-01-01T10:00:00Z\",\"end\":\"2001-01-01T11:00:00Z\",\"flights\":1,"
          + "\"total\":4,\"mean\":4.0,\"least\":4,\"most\":4,\"places\":1,\"p90\":4,"
          + "\"busiest\":[{\"item\":\"LAX\",\"count\":1}]}";

  /** From the first departure to the last, whichever hours they are in. */
  private static final String BURST =
      "{\"origin\":\"LAS\",\"start\":\"2001-01-01T09:40:00Z\",\"flights\":3,\"total\":11,"
          + "\"mean\":3.6666666666666665,\"least\":-3,\"most\":10,\"places\":2,\"p90\":10,"
          + "\"busiest\":[{\"item\":\"LAX\",\"count\":2},{\"item\":\"PHX\",\"count\":1}]}";

  private final List<String> said = new ArrayList<>();
  @TempDir private Path directory;
  private Path parquet = Path.of("");

  @BeforeEach
  void threeFlights() throws Exception {
    parquet = directory.resolve("flights.parquet");
    try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = database.createStatement()) {
      statement.execute(
          """
          COPY (SELECT date::TIMESTAMP AS date, delay, 500 AS distance, 'LAS' AS origin, destination
                FROM (VALUES ('2001-01-01 09:40:00', -3, 'PHX'), ('2001-01-01 09:50:00', 10, 'LAX'),
                             ('2001-01-01 10:20:00', 4, 'LAX')) AS f(date, delay, destination))
          TO '%s' (FORMAT parquet)
          """
              .formatted(parquet));
    }
  }

  private boolean judge(String metric, String... results) throws Exception {
    Path file = Files.write(directory.resolve("results.ndjson"), List.of(results));
    try (FlightsOracle oracle = new FlightsOracle(directory.resolve("oracle.duckdb"), parquet)) {
      return oracle.compare(metric, file, said::add);
    }
  }

  @Test
  void rightResultsPass() throws Exception {
    assertTrue(judge("hourly", NINE, TEN), said::toString);
    assertTrue(judge("bursts", BURST), said::toString);
  }

  @Test
  void aMissingWindowIsSeen() throws Exception {
    assertFalse(judge("hourly", NINE), said::toString);
    assertTrue(said.getFirst().contains("2 windows due, 1 missing, 0 too many"), said::toString);
  }

  @Test
  void aWindowTooManyIsSeen() throws Exception {
    assertFalse(judge("hourly", NINE, TEN, TEN.replace("10:00", "11:00")), said::toString);
    assertTrue(said.getFirst().contains("0 missing, 1 too many"), said::toString);
  }

  @Test
  void eachMeasureThatIsOffIsSeen() throws Exception {
    for (String wrong :
        List.of(
            "\"flights\":3",
            "\"total\":8",
            "\"mean\":3.6",
            "\"least\":-2",
            "\"most\":11",
            "\"places\":3",
            "\"p90\":-3",
            "\"busiest\":[{\"item\":\"LAX\",\"count\":2}]")) {
      String name = wrong.substring(0, wrong.indexOf(':'));
      String value = name.equals("\"busiest\"") ? "\\[.*?]" : "[^,}]*";
      String spoilt = NINE.replaceFirst(name + ":" + value, wrong);
      assertFalse(spoilt.equals(NINE), wrong);
      assertFalse(judge("hourly", spoilt, TEN), () -> wrong + " passed: " + said);
    }
  }

  @Test
  void anHourIsInTheDaysAroundIt() throws Exception {
    assertFalse(judge("daily", NINE, TEN));
    assertTrue(said.getFirst().startsWith("daily: 25 windows due"), said::toString);
  }

  @Test
  void flightsAreSentOutOfOrderAndAllOfThem() throws Exception {
    try (FlightsOracle oracle = new FlightsOracle(directory.resolve("oracle.duckdb"), parquet);
        Connection database = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = database.createStatement()) {
      Path shuffled = oracle.shuffle(directory.resolve("shuffled.parquet"), 7);
      ResultSet row =
          statement.executeQuery(
              "SELECT count(DISTINCT rn) FROM read_parquet('%s')".formatted(shuffled));
      row.next();
      assertEquals(3, row.getLong(1));
      assertEquals(3, oracle.flights());
    }
  }
}
