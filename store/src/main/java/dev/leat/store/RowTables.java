package dev.leat.store;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBTableFunction;
import org.duckdb.DuckDBTableFunctionBindInfo;
import org.duckdb.DuckDBTableFunctionBuilder;
import org.duckdb.DuckDBTableFunctionCallInfo;
import org.duckdb.DuckDBTableFunctionInitInfo;

/**
 * Lets DuckDB read rows in memory: a table function whose argument names what one statement may
 * read. The names can't be guessed and last as long as the statement. Any thread.
 */
final class RowTables implements DuckDBTableFunction<RowSource, RowScan, Object> {
  static final String FUNCTION = "leat_rows";

  private static final int TOKEN_BITS = 128;

  private final Map<String, RowSource> sources = new ConcurrentHashMap<>();
  private final RandomGenerator random;
  private final int threads;

  /** Tables whose rows at most {@code threads} threads read at once; with one, in order. */
  RowTables(RandomGenerator random, int threads) {
    this.random = random;
    this.threads = threads;
  }

  /** Makes the function known to a database and all its connections. */
  void register(Connection connection) throws SQLException {
    try (DuckDBTableFunctionBuilder builder = DuckDBFunctions.tableFunction()) {
      builder
          .withName(FUNCTION)
          .withParameter(String.class)
          .withProjectionPushdown()
          .withFunction(this);
      builder.register(connection);
    }
  }

  /** Rows that a statement may read until this is closed. */
  final class Lease implements AutoCloseable {
    private final String token;

    private Lease(String token) {
      this.token = token;
    }

    /** The table as it stands in a FROM clause. */
    String sql() {
      return FUNCTION + "('" + token + "')";
    }

    @Override
    public void close() {
      sources.remove(token);
    }
  }

  Lease lease(RowSource source) {
    byte[] bits = new byte[TOKEN_BITS / Byte.SIZE];
    random.nextBytes(bits);
    String token = new BigInteger(1, bits).toString(Character.MAX_RADIX);
    sources.put(token, source);
    return new Lease(token);
  }

  @Override
  public RowSource bind(DuckDBTableFunctionBindInfo info) {
    RowSource source = sources.get(info.getParameter(0).getString());
    if (source == null) {
      throw new DuckDBFunctions.FunctionException("there are no such rows");
    }
    for (FlatColumn column : source.columns()) {
      info.addResultColumn(column.name(), column.type());
    }
    info.setCardinality(source.rows(), true);
    return source;
  }

  @Override
  public RowScan init(DuckDBTableFunctionInitInfo info) {
    info.setMaxThreads(threads);
    RowSource source = info.getBindData();
    List<FlatColumn> columns = new ArrayList<>();
    for (long i = 0; i < info.getColumnCount(); i++) {
      columns.add(source.columns().get((int) info.getColumnIndex(i)));
    }
    return new RowScan(source, columns);
  }

  @Override
  public long apply(DuckDBTableFunctionCallInfo info, DuckDBDataChunkWriter output) {
    RowScan scan = info.getInitData();
    return scan.pull(output);
  }
}
