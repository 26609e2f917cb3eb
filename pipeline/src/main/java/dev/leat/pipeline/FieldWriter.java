package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.Column;
import dev.leat.event.DataSchema;
import dev.leat.event.DataSchema.Kind;
import dev.leat.event.RowChunk;
import org.jspecify.annotations.Nullable;

/** Writes values into one field of the row under construction. For one thread. */
final class FieldWriter {
  private final DataSchema.Field field;

  /**
   * @throws IllegalStateException if the table has no place for such a field
   */
  FieldWriter(FieldPath path, DataType type, DataSchema schema) {
    Kind kind = DataType.kind(type);
    DataSchema.Field declared =
        path.declare(schema, kind == null || kind == Kind.OBJECT ? Kind.JSON : kind);
    if (declared == null) {
      throw new IllegalStateException("the table has no place for " + path);
    }
    this.field = declared;
  }

  /** Sets the value; null leaves the field null. In words why it does not fit, or null. */
  @Nullable String write(Row row, @Nullable Object value) {
    try {
      return fit(row, value);
    } catch (ExpressionException noJson) {
      return noJson.getMessage();
    }
  }

  private @Nullable String fit(Row row, @Nullable Object value) throws ExpressionException {
    RowChunk chunk = row.chunk();
    int index = row.index();
    return switch (value) {
      case null -> null;
      case Boolean truth when field.kind() == Kind.BOOLEAN -> {
        ((Column.Booleans) chunk.column(field)).set(index, truth);
        yield null;
      }
      case Long whole when field.kind() == Kind.LONG -> {
        if (chunk.column(field) instanceof Column.Longs longs) {
          longs.set(index, whole);
        } else {
          chunk.doubles(field).set(index, (double) whole);
        }
        yield null;
      }
      case Number number when field.kind() == Kind.DOUBLE -> {
        if (!Double.isFinite(number.doubleValue())) {
          yield "%s is no number that JSON knows".formatted(number);
        }
        chunk.doubles(field).set(index, number.doubleValue());
        yield null;
      }
      case String text when field.kind() == Kind.TEXT -> set(chunk, index, text.getBytes(UTF_8));
      default ->
          field.kind() == Kind.JSON
              ? set(chunk, index, new DataWriter().write(value))
              : "a %s does not fit a field of kind %s"
                  .formatted(value.getClass().getSimpleName(), field.kind());
    };
  }

  private @Nullable String set(RowChunk chunk, int index, byte[] bytes) {
    ((Column.Bytes) chunk.column(field)).set(index, bytes, 0, bytes.length);
    return null;
  }
}
