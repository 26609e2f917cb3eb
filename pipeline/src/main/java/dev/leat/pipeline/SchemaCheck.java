package dev.leat.pipeline;

import dev.harrel.jsonschema.Validator;
import dev.leat.event.DataFormat;
import dev.leat.event.DataSchema;
import dev.leat.event.EventCursor;
import dev.leat.event.JsonException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether events keep a schema. For one thread.
 *
 * <p>Most events are valid and say so in their columns: for a regular row only bounds, lengths and
 * choices are left to look at. Whatever that leaves open, and every event that seems to break the
 * schema, is decided by the library from the data as it was sent, which also says what is wrong.
 * Data that can't be checked within bounds is not valid.
 */
final class SchemaCheck {
  private final EventSchema schema;
  private final FieldRule @Nullable [] rules;
  private final JsonTreeReader reader = new JsonTreeReader();
  private long thorough;

  /**
   * A check of rows in a table that has the fields of the schema, see {@link SchemaFields}. They
   * must have been shredded by a {@link Shredder} for the type of this schema.
   */
  SchemaCheck(EventSchema schema, DataSchema table) {
    this.schema = schema;
    List<FieldRule> found = SchemaRules.of(schema, table);
    this.rules = found == null ? null : found.toArray(FieldRule[]::new);
  }

  EventSchema schema() {
    return schema;
  }

  /** What about the event breaks the schema; null if nothing does. */
  @Nullable Violation check(Row row) {
    return row.isRegular() && hold(row) ? null : thorough(row.event());
  }

  /** How many events the library was asked about. */
  long thorough() {
    return thorough;
  }

  private boolean hold(Row row) {
    if (rules == null) {
      return false;
    }
    for (FieldRule rule : rules) {
      if (!rule.holds(row.chunk())) {
        return false;
      }
    }
    return true;
  }

  private @Nullable Violation thorough(EventCursor event) {
    thorough++;
    DataFormat format = event.dataFormat();
    return format == DataFormat.JSON
        ? thorough(event.bytes(), event.dataAt(), event.dataLength())
        : Violations.whole("type", "JSON", format == DataFormat.NONE ? "no data" : "other data");
  }

  private @Nullable Violation thorough(byte[] bytes, int from, int length) {
    try {
      JsonTree data = reader.read(bytes, from, length, new Steps());
      Validator.Result result = schema.library().validate(data);
      return result.isValid() ? null : Violations.of(result.getErrors(), data, schema.tree());
    } catch (JsonException notJson) {
      return Violations.whole("type", "JSON with " + notJson.expected(), notJson.found());
    } catch (LimitException tooMuch) {
      return Violations.whole("limit", tooMuch.bound(), "more");
    } catch (StackOverflowError tooDeep) {
      // Nothing is left half done: all that was written to is thrown away with the stack.
      return Violations.whole("limit", "data and expressions that fit on the stack", "more");
    }
  }
}
