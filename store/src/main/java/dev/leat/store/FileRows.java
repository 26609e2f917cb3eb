package dev.leat.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a CSV or Parquet file that somebody wants to send, one after the other in the order
 * of the file, in memory that does not grow with it. It has nothing to do with the table; it lives
 * here because DuckDB does. For one thread.
 *
 * <p>Timestamps without a zone are read as UTC.
 */
public final class FileRows implements AutoCloseable {
  private static final String SETTINGS =
      "SET TimeZone='UTC'; SET memory_limit='512MB'; SET preserve_insertion_order=true;"
          + " SET autoinstall_known_extensions=false; SET autoload_known_extensions=false";

  /** Rows of a file that does not say how many it has. */
  public static final long UNKNOWN = -1;

  /** How the values of a field are to be asked for. */
  public enum Kind {
    BOOLEAN,
    /** With {@link #longValue}. */
    LONG,
    /** With {@link #doubleValue}. */
    DOUBLE,
    /** Digits in {@link #text}, more than a {@code double} may hold. */
    NUMBER,
    /** Microseconds since 1970-01-01 UTC in {@link #longValue}. */
    TIME,
    /** A day such as {@code 2001-02-03} in {@link #text}. */
    DATE,
    TEXT,
    /** One JSON value in {@link #text}. */
    JSON
  }

  /** A column of the file. */
  public record Field(String name, Kind kind) {}

  private final Connection connection;
  private final Statement statement;
  private final List<Field> fields;
  private final long count;
  private final ResultSet rows;

  private FileRows(Connection connection, Path file, @Nullable String key) throws SQLException {
    this.connection = connection;
    statement = connection.createStatement();
    statement.execute(SETTINGS);
    String from = key == null || isParquet(file) ? table(file) : tableWithKey(file, key);
    List<String> expressions = new ArrayList<>();
    fields = fields(from, expressions);
    count = isParquet(file) ? count(from) : UNKNOWN;
    rows = statement.executeQuery("SELECT " + String.join(", ", expressions) + " FROM " + from);
  }

  /**
   * Opens a file; its name says whether it is CSV (also {@code .tsv}, {@code .csv.gz}, {@code
   * .csv.zst}) or Parquet.
   *
   * @throws IOException saying what is wrong with it
   */
  public static FileRows open(Path file) throws IOException {
    return open(file, null);
  }

  /**
   * Opens a file whose rows are to be found by the values of a column. In CSV the first line has
   * the names, that column is text as it stands, and the types of the others are those that all
   * rows allow, however late one differs.
   *
   * @throws IOException saying what is wrong with it
   */
  public static FileRows openWithKey(Path file, String key) throws IOException {
    return open(file, key);
  }

  private static FileRows open(Path file, @Nullable String key) throws IOException {
    if (!Files.isReadable(file)) {
      throw new IOException("there is no readable file " + file);
    }
    Properties settings = new Properties();
    // Without it the driver would hold the whole result in memory.
    settings.setProperty("jdbc_stream_results", "true");
    Connection connection = null;
    try {
      connection = DriverManager.getConnection("jdbc:duckdb:", settings);
      return new FileRows(connection, file, key);
    } catch (SQLException unreadable) {
      close(connection);
      throw explained(unreadable);
    }
  }

  /** Whether {@link #open} takes a file of this name. */
  public static boolean reads(Path file) {
    return isParquet(file) || isCsv(file);
  }

  public List<Field> fields() {
    return fields;
  }

  /** How many rows there are, or {@link #UNKNOWN}. */
  public long count() {
    return count;
  }

  /** Moves to the next row; false if there is none. */
  public boolean next() throws IOException {
    try {
      return rows.next();
    } catch (SQLException unreadable) {
      throw explained(unreadable);
    }
  }

  /** Whether the value asked for last is null. */
  public boolean wasNull() throws IOException {
    try {
      return rows.wasNull();
    } catch (SQLException unreadable) {
      throw explained(unreadable);
    }
  }

  public boolean booleanValue(int field) throws IOException {
    try {
      return rows.getBoolean(field + 1);
    } catch (SQLException unreadable) {
      throw explained(unreadable);
    }
  }

  public long longValue(int field) throws IOException {
    try {
      return rows.getLong(field + 1);
    } catch (SQLException unreadable) {
      throw explained(unreadable);
    }
  }

  public double doubleValue(int field) throws IOException {
    try {
      return rows.getDouble(field + 1);
    } catch (SQLException unreadable) {
      throw explained(unreadable);
    }
  }

  /** The value as text; null if it is null. */
  public @Nullable String text(int field) throws IOException {
    try {
      return rows.getString(field + 1);
    } catch (SQLException unreadable) {
      throw explained(unreadable);
    }
  }

  @Override
  public void close() throws IOException {
    try (connection;
        statement) {
      rows.close();
    } catch (SQLException failed) {
      throw explained(failed);
    }
  }

  private List<Field> fields(String from, List<String> expressions) throws SQLException {
    List<Field> found = new ArrayList<>();
    try (ResultSet columns = statement.executeQuery("DESCRIBE SELECT * FROM " + from)) {
      while (columns.next()) {
        String name = columns.getString("column_name");
        String type = columns.getString("column_type");
        Kind kind = kind(type);
        found.add(new Field(name, kind));
        expressions.add(expression(kind, type, '"' + name.replace("\"", "\"\"") + '"'));
      }
    }
    return List.copyOf(found);
  }

  /** Parquet tells in its footer. */
  private long count(String from) throws SQLException {
    try (ResultSet result = statement.executeQuery("SELECT count(*) FROM " + from)) {
      result.next();
      return result.getLong(1);
    }
  }

  private static Kind kind(String type) {
    if (type.endsWith("]") || (type.contains("(") && !type.startsWith("DECIMAL"))) {
      return type.startsWith("ENUM") ? Kind.TEXT : Kind.JSON;
    }
    return switch (type.replaceAll("\\(.*", "")) {
      case "BOOLEAN" -> Kind.BOOLEAN;
      case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER" ->
          Kind.LONG;
      case "FLOAT", "DOUBLE" -> Kind.DOUBLE;
      case "UBIGINT", "HUGEINT", "UHUGEINT", "DECIMAL" -> Kind.NUMBER;
      case "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE" ->
          Kind.TIME;
      case "DATE" -> Kind.DATE;
      case "JSON" -> Kind.JSON;
      default -> Kind.TEXT;
    };
  }

  private static String expression(Kind kind, String type, String column) {
    return switch (kind) {
      case BOOLEAN -> column;
      case LONG -> "CAST(" + column + " AS BIGINT)";
      case DOUBLE -> "CAST(" + column + " AS DOUBLE)";
      case TIME -> "epoch_us(" + column + ")";
      case JSON -> "CAST(to_json(" + column + ") AS VARCHAR)";
      case TEXT ->
          type.equals("BLOB") ? "base64(" + column + ")" : "CAST(" + column + " AS VARCHAR)";
      case NUMBER, DATE -> "CAST(" + column + " AS VARCHAR)";
    };
  }

  private static String table(Path file) {
    String path = "'" + file.toString().replace("'", "''") + "'";
    return isParquet(file) ? "read_parquet(" + path + ")" : "read_csv(" + path + ")";
  }

  /** The column that is to be text must be there to be named. */
  private String tableWithKey(Path file, String key) throws SQLException {
    String path = "'" + file.toString().replace("'", "''") + "'";
    String whole = "read_csv(" + path + ", header=true, sample_size=-1";
    boolean isThere = false;
    try (ResultSet columns = statement.executeQuery("DESCRIBE SELECT * FROM " + whole + ")")) {
      while (columns.next()) {
        isThere |= columns.getString("column_name").equals(key);
      }
    }
    return isThere ? whole + ", types={'" + key.replace("'", "''") + "': 'VARCHAR'})" : whole + ")";
  }

  private static boolean isParquet(Path file) {
    return name(file).endsWith(".parquet");
  }

  private static boolean isCsv(Path file) {
    return name(file).matches(".*\\.(csv|tsv)(\\.gz|\\.zst)?");
  }

  private static String name(Path file) {
    return file.toString().toLowerCase(Locale.ROOT);
  }

  /** DuckDB's messages have many lines; the first few say it. */
  private static IOException explained(SQLException cause) {
    String message =
        String.valueOf(cause.getMessage())
            .lines()
            .filter(line -> !line.isBlank())
            .limit(3)
            .collect(Collectors.joining(" "));
    return new IOException(message, cause);
  }

  private static void close(@Nullable Connection connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException unimportant) {
        throw new IllegalStateException("closing an unused DuckDB failed", unimportant);
      }
    }
  }
}
