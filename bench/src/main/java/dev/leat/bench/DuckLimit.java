package dev.leat.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** DuckDB alone: rows into a table, and the table into a file. For one thread. */
final class DuckLimit {
  private static final int ID_LENGTH = 36;

  private final ShopStream stream;
  private final Path table;
  private final Path parquet;
  private final int rows;

  DuckLimit(ShopStream stream, Path directory, int rows) {
    this.stream = stream;
    this.table = directory.resolve("orders.duckdb");
    this.parquet = directory.resolve("orders.parquet");
    this.rows = rows;
  }

  private DuckDBConnection open() throws SQLException {
    Connection duck = DriverManager.getConnection("jdbc:duckdb:" + table);
    DuckDBConnection opened = duck.unwrap(DuckDBConnection.class);
    try (Statement set = opened.createStatement()) {
      set.execute("SET threads = 1");
    }
    return opened;
  }

  long append() throws IOException, SQLException {
    Files.deleteIfExists(table);
    try (DuckDBConnection duck = open()) {
      try (Statement create = duck.createStatement()) {
        create.execute(ddl());
      }
      Chunk chunk = stream.chunk();
      try (DuckDBAppender appender = duck.createAppender("main", "orders")) {
        for (int row = 0; row < rows; row += chunk.events()) {
          if (!stream.write(row / chunk.events(), chunk)) {
            throw new IllegalStateException("a shop has no end");
          }
          for (int event = 0; event < chunk.events(); event++) {
            append(appender, chunk, event);
          }
        }
      }
    }
    return rows;
  }

  long copy() throws SQLException {
    try (DuckDBConnection duck = open();
        Statement statement = duck.createStatement()) {
      statement.execute(
          "COPY orders TO '%s' (FORMAT parquet, COMPRESSION zstd)".formatted(parquet));
    }
    return rows;
  }

  private void append(DuckDBAppender appender, Chunk chunk, int event) throws SQLException {
    OrderFields order = chunk.order(event);
    appender.beginRow();
    appender.append(new String(chunk.bytes, chunk.ids[event], ID_LENGTH, US_ASCII));
    appender.append(order.source());
    appender.append(order.subject());
    appender.append(chunk.millis[event]);
    for (Map.Entry<String, @Nullable Object> field : order.all().entrySet()) {
      append(appender, field.getKey(), field.getValue());
    }
    appender.endRow();
  }

  private static void append(DuckDBAppender appender, String name, @Nullable Object value)
      throws SQLException {
    switch (value) {
      case null -> appender.appendNull();
      case Long whole -> appender.append(whole.longValue());
      case BigDecimal number -> appender.append(number.doubleValue());
      case Boolean truth -> appender.append(truth.booleanValue());
      case String text when name.equals("amount") -> appender.append(Double.parseDouble(text));
      default -> appender.append(value.toString());
    }
  }

  private String ddl() {
    List<String> columns =
        new ArrayList<>(List.of("id VARCHAR", "source VARCHAR", "subject VARCHAR", "time BIGINT"));
    for (Map.Entry<String, @Nullable Object> field :
        stream.slots().get(0).fields().all().entrySet()) {
      String type =
          switch (field.getValue()) {
            case Long _ -> "BIGINT";
            case BigDecimal _ -> "DOUBLE";
            case Boolean _ -> "BOOLEAN";
            case null, default -> "VARCHAR";
          };
      columns.add("\"%s\" %s".formatted(field.getKey(), type));
    }
    return "CREATE TABLE orders (%s)".formatted(String.join(", ", columns));
  }
}
