package dev.leat.pipeline;

import dev.leat.event.DataSchema;
import dev.leat.event.Slice;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a step of enrichment that an extension brings may use. For one thread, the one the step runs
 * on.
 */
public final class StepScope {
  private final DataSchema schema;
  private final Function<String, KeyReader> readers;

  StepScope(DataSchema schema, Function<String, KeyReader> readers) {
    this.schema = schema;
    this.readers = readers;
  }

  /** Reads one value of an event. */
  @FunctionalInterface
  public interface Input {
    /** The value as text; null if the event has none. */
    @Nullable String text(Row row);
  }

  /** Writes one field of an event. */
  @FunctionalInterface
  public interface Output {
    /**
     * Sets the field: a Boolean, Long, Double or String, as its type demands, or null. In words why
     * the value does not fit; null if it does.
     */
    @Nullable String set(Row row, @Nullable Object value);
  }

  /**
   * The value at a path such as {@code data.browser} or {@code subject}.
   *
   * @throws IllegalArgumentException if there is no such path, saying what there is
   */
  public Input input(String path) {
    KeyReader reader = readers.apply(path);
    Slice value = new Slice();
    return row -> {
      reader.read(row, value);
      return value.isPresent() ? value.toString() : null;
    };
  }

  /** The field at a path such as {@code data.device}, which only this step writes. */
  public Output output(String path, DataType type) {
    FieldWriter writer = new FieldWriter(FieldPath.of(path), type, schema);
    return writer::write;
  }
}
