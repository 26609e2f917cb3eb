package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.pipeline.DataType.Scalar;
import dev.leat.pipeline.LookupContent;
import dev.leat.pipeline.LookupTable;
import dev.leat.pipeline.LookupTable.Column;
import dev.leat.store.FileRows;
import dev.leat.store.FileRows.Field;
import dev.leat.store.FileRows.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads files into lookup tables: CSV, Parquet, JSON and NDJSON, told apart by their names. The
 * same bytes give the same table. Points in time and days become text, what has parts becomes its
 * JSON.
 */
final class LookupFiles {
  private static final Pattern EXTENSION =
      Pattern.compile(
          ".*?(\\.parquet|\\.(csv|tsv|json|ndjson|jsonl)(\\.gz|\\.zst)?)",
          Pattern.CASE_INSENSITIVE);

  /** A table, and what is odd about its file. */
  record Loaded(LookupTable table, List<String> warnings) {}

  private LookupFiles() {}

  /** What a file's name says about its format, as {@code .csv.gz}; empty if it says nothing. */
  static Optional<String> extension(Path file) {
    Matcher name = EXTENSION.matcher(String.valueOf(file.getFileName()));
    return name.matches() ? Optional.of(name.group(1).toLowerCase(Locale.ROOT)) : Optional.empty();
  }

  /**
   * Reads a file.
   *
   * @param key the column that rows are found by
   * @throws IOException saying what is wrong with it
   */
  static Loaded load(Path file, String key) throws IOException {
    try {
      return FileRows.reads(file) ? rows(file, key) : new JsonLookup(file, key).load();
    } catch (IllegalArgumentException refused) {
      throw new IOException(refused.getMessage(), refused);
    }
  }

  /** What files of a format are called. */
  static String extension(LookupContent.Format format) {
    return "." + format.name().toLowerCase(Locale.ROOT);
  }

  /**
   * In CSV the key stays the text it is: of {@code 00501} a number would keep 501, which is no key
   * that an event brings.
   */
  private static Loaded rows(Path file, String key) throws IOException {
    try (FileRows rows = FileRows.openWithKey(file, key)) {
      List<Field> fields = rows.fields();
      List<Column> columns = new ArrayList<>();
      for (Field field : fields) {
        columns.add(new Column(field.name(), type(field, key)));
      }
      LookupTable.Builder builder = LookupTable.builder(columns, key);
      Batch scratch = new Batch();
      Rfc3339 times = new Rfc3339();
      @Nullable Object[] row = new @Nullable Object[fields.size()];
      while (rows.next()) {
        for (int i = 0; i < row.length; i++) {
          row[i] = value(rows, i, columns.get(i).type(), scratch, times);
        }
        builder.add(row);
      }
      return new Loaded(builder.build(), builder.warnings());
    }
  }

  private static Scalar type(Field field, String key) {
    return switch (field.kind()) {
      case BOOLEAN -> Scalar.BOOLEAN;
      case LONG -> Scalar.INTEGER;
      case DOUBLE -> Scalar.NUMBER;
      case NUMBER -> field.name().equals(key) ? Scalar.TEXT : Scalar.NUMBER;
      case TIME, DATE, TEXT, JSON -> Scalar.TEXT;
    };
  }

  private static @Nullable Object value(
      FileRows rows, int field, Scalar type, Batch scratch, Rfc3339 times) throws IOException {
    Kind kind = rows.fields().get(field).kind();
    return switch (kind) {
      case BOOLEAN -> {
        boolean value = rows.booleanValue(field);
        yield rows.wasNull() ? null : value;
      }
      case LONG -> {
        long value = rows.longValue(field);
        yield rows.wasNull() ? null : value;
      }
      case DOUBLE -> {
        double value = rows.doubleValue(field);
        yield rows.wasNull() || !Double.isFinite(value) ? null : value;
      }
      case NUMBER -> {
        String digits = rows.text(field);
        yield digits == null || type == Scalar.TEXT ? digits : (Double) Double.parseDouble(digits);
      }
      case TIME -> {
        long micros = rows.longValue(field);
        yield rows.wasNull() ? null : time(micros, scratch, times);
      }
      case DATE, TEXT, JSON -> rows.text(field);
    };
  }

  private static String time(long micros, Batch scratch, Rfc3339 times) {
    scratch.reset("", 0);
    times.write(scratch, micros);
    byte[] quoted = scratch.bytes();
    return new String(quoted, 1, scratch.length() - 2, UTF_8);
  }
}
