package dev.leat.bench.flink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Collects orders in a DuckDB table in memory, and writes them to a Parquet file with each
 * checkpoint. What was written for a checkpoint that then fails stays, and comes a second time.
 */
final class Rows extends ProcessFunction<Order, Order> implements CheckpointedFunction {
  private static final long serialVersionUID = 1;

  private static final String TABLE =
      """
      CREATE OR REPLACE TABLE orders (
        id VARCHAR, source VARCHAR, subject VARCHAR, country VARCHAR, city VARCHAR, currency VARCHAR, sku VARCHAR,
        category VARCHAR, channel VARCHAR, payment VARCHAR, coupon VARCHAR, device VARCHAR, browser VARCHAR,
        referrer VARCHAR, supplier VARCHAR, price_class VARCHAR, note VARCHAR,
        "time" BIGINT, order_id BIGINT, customer_id BIGINT, items BIGINT, discount BIGINT, latency_ms BIGINT,
        amount DOUBLE, lat DOUBLE, lon DOUBLE, first_order BOOLEAN)
      """;

  private final String directory;
  private transient @Nullable DuckDBConnection duck;
  private transient @Nullable DuckDBAppender appender;
  private transient long rows;

  Rows(String directory) {
    this.directory = directory;
  }

  @Override
  public void open(OpenContext context) throws IOException, SQLException {
    Files.createDirectories(Path.of(directory));
    Connection opened = DriverManager.getConnection("jdbc:duckdb:");
    duck = opened.unwrap(DuckDBConnection.class);
    execute("SET threads = 1");
    execute(TABLE);
    appender = duck.createAppender("main", "orders");
  }

  @Override
  public void processElement(Order order, Context context, Collector<Order> out)
      throws SQLException {
    if (appender == null) {
      throw new IllegalStateException("not open");
    }
    appender.beginRow();
    for (String text : order.texts) {
      if (text == null) {
        appender.appendNull();
      } else {
        appender.append(text);
      }
    }
    appender.append(order.millis);
    appender.append(order.orderId);
    appender.append(order.customerId);
    appender.append(order.items);
    appender.append(order.discount);
    appender.append(order.latencyMs);
    appender.append(order.amount);
    appender.append(order.lat);
    appender.append(order.lon);
    appender.append(order.firstOrder);
    appender.endRow();
    rows++;
    out.collect(order);
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) throws SQLException {
    if (duck == null || appender == null || rows == 0) {
      return;
    }
    appender.close();
    execute(
        "COPY orders TO '%s/rows-%d-%d.parquet' (FORMAT parquet, COMPRESSION zstd)"
            .formatted(
                directory,
                getRuntimeContext().getTaskInfo().getIndexOfThisSubtask(),
                context.getCheckpointId()));
    execute(TABLE);
    appender = duck.createAppender("main", "orders");
    rows = 0;
  }

  @Override
  public void initializeState(FunctionInitializationContext context) {
    // Nothing is kept from one checkpoint to the next.
  }

  private void execute(String sql) throws SQLException {
    if (duck == null) {
      throw new IllegalStateException("not open");
    }
    try (Statement statement = duck.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    if (appender != null) {
      appender.close();
    }
    if (duck != null) {
      duck.close();
    }
  }
}
