package dev.leat.pipeline;

import dev.leat.event.DataSchema.Kind;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a value in an event's data can be, as far as the definition says: the common ground of JSON
 * Schema, CEL and the columns of a table. Immutable.
 */
public sealed interface DataType {
  /** Types without parts. */
  enum Scalar implements DataType {
    /** Nothing is known. */
    ANY,
    BOOLEAN,
    /** A JSON number without a fraction that fits 64 bits. */
    INTEGER,
    /** Any JSON number, as a double. */
    NUMBER,
    TEXT
  }

  /** A JSON array; in a table it is one column with its text. */
  record ListOf(DataType element) implements DataType {}

  /**
   * A JSON object.
   *
   * @param open whether it may have members that are not listed
   */
  record ObjectOf(SequencedMap<String, Member> members, boolean open) implements DataType {
    public ObjectOf {
      members = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(members));
    }
  }

  /**
   * A named part of an object.
   *
   * @param required whether the object has it always
   * @param nullable whether it may be a JSON null
   */
  record Member(DataType type, boolean required, boolean nullable) {}

  /** Data nothing is known about but that, mostly, it is an object. */
  static ObjectOf unknown() {
    return new ObjectOf(new LinkedHashMap<>(), true);
  }

  /** The kind of column that holds such values; null if nothing is known about them. */
  static @Nullable Kind kind(DataType type) {
    return switch (type) {
      case Scalar scalar ->
          switch (scalar) {
            case ANY -> null;
            case BOOLEAN -> Kind.BOOLEAN;
            case INTEGER -> Kind.LONG;
            case NUMBER -> Kind.DOUBLE;
            case TEXT -> Kind.TEXT;
          };
      case ListOf _ -> Kind.JSON;
      case ObjectOf _ -> Kind.OBJECT;
    };
  }
}
