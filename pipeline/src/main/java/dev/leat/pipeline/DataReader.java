package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cel.common.values.NullValue;
import dev.leat.event.Column;
import dev.leat.event.DataSchema.Kind;
import dev.leat.event.JsonScanner;
import dev.leat.event.JsonScanner.Token;
import dev.leat.pipeline.DataType.ListOf;
import dev.leat.pipeline.DataType.ObjectOf;
import dev.leat.pipeline.DataType.Scalar;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON into the values that CEL works with: {@link DataMap}, {@code List}, {@code Long},
 * {@code Double}, {@code String}, {@code Boolean} and {@link NullValue}. For one thread.
 *
 * <p>A number where the definition says {@code number} is a double however it is written, and one
 * where it says {@code integer} is an integer if it has no fraction. Where nothing is said, how it
 * is written decides. The scanner's depth bounds the recursion.
 */
final class DataReader {
  private static final double TWO_TO_63 = 0x1p63;

  private final JsonScanner scanner = new JsonScanner();
  private final boolean exact;
  private byte[] bytes = {};
  private byte[] unescaped = new byte[64];

  /**
   * @param exact whether numbers that would be rounded become an {@link ExactNumber}
   */
  DataReader(boolean exact) {
    this.exact = exact;
  }

  /**
   * @throws dev.leat.event.JsonException if the bytes are no JSON
   */
  Object read(byte[] document, int from, int length, DataType type) {
    bytes = document;
    scanner.reset(document, from, length);
    return value(scanner.next(), type);
  }

  /** The value that a field's column has in this row; null if it has none. */
  @Nullable Object read(@Nullable Column column, Kind kind, int row) {
    return column == null || !column.isPresent(row)
        ? null
        : switch (column) {
          case Column.Longs longs -> longs.get(row);
          case Column.Doubles doubles -> doubles.get(row);
          case Column.Booleans booleans -> booleans.get(row);
          case Column.Bytes json when kind == Kind.JSON -> readJson(json, row);
          case Column.Bytes text ->
              new String(text.values(), text.from(row), text.length(row), UTF_8);
        };
  }

  /** The value of the JSON that a column has in this row. */
  Object readJson(Column.Bytes column, int row) {
    return read(column.values(), column.from(row), column.length(row), Scalar.ANY);
  }

  private Object value(Token token, DataType type) {
    return switch (token) {
      case STRING -> text();
      case INTEGER -> integer(type);
      case DECIMAL -> decimal(type);
      case TRUE -> true;
      case FALSE -> false;
      case NULL -> NullValue.NULL_VALUE;
      case OBJECT_START -> object(type);
      case ARRAY_START -> array(type instanceof ListOf list ? list.element() : Scalar.ANY);
      case NAME, OBJECT_END, ARRAY_END, END ->
          throw new IllegalStateException("the scanner let something else stand for a value");
    };
  }

  private DataMap object(DataType type) {
    LinkedHashMap<String, Object> members = new LinkedHashMap<>();
    while (scanner.next() == Token.NAME) {
      String name = text();
      members.put(name, value(scanner.next(), member(type, name)));
    }
    return new DataMap(members);
  }

  private static DataType member(DataType type, String name) {
    DataType.Member member = type instanceof ObjectOf object ? object.members().get(name) : null;
    return member == null ? Scalar.ANY : member.type();
  }

  private List<Object> array(DataType element) {
    List<Object> elements = new ArrayList<>();
    for (Token token = scanner.next(); token != Token.ARRAY_END; token = scanner.next()) {
      elements.add(value(token, element));
    }
    return elements;
  }

  private String text() {
    if (!scanner.escaped()) {
      return new String(bytes, scanner.tokenFrom(), scanner.tokenLength(), UTF_8);
    }
    if (unescaped.length < scanner.tokenLength()) {
      unescaped = Arrays.copyOf(unescaped, scanner.tokenLength());
    }
    return new String(unescaped, 0, scanner.unescape(unescaped, 0), UTF_8);
  }

  private Object integer(DataType type) {
    if (!scanner.fitsLong()) {
      return exact ? new ExactNumber(digits()) : (Object) scanner.doubleValue();
    }
    long value = scanner.longValue();
    return type == Scalar.NUMBER ? (Object) (double) value : (Object) value;
  }

  private Object decimal(DataType type) {
    double value = scanner.doubleValue();
    if (exact && !isExact(value)) {
      return new ExactNumber(digits());
    }
    boolean whole =
        type == Scalar.INTEGER
            && value == Math.rint(value)
            && value >= -TWO_TO_63
            && value < TWO_TO_63;
    return whole ? (Object) (long) value : (Object) value;
  }

  private boolean isExact(double value) {
    if (Double.isInfinite(value)) {
      return false;
    }
    String digits = digits();
    if (value == 0) {
      return digits
          .chars()
          .takeWhile(c -> c != 'e' && c != 'E')
          .noneMatch(c -> c > '0' && c <= '9');
    }
    return new BigDecimal(digits).compareTo(new BigDecimal(Double.toString(value))) == 0;
  }

  private String digits() {
    return new String(bytes, scanner.tokenFrom(), scanner.tokenLength(), ISO_8859_1);
  }
}
