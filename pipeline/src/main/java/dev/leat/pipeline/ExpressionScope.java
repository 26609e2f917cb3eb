package dev.leat.pipeline;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an expression may name: always the envelope, and mostly the data. Immutable.
 *
 * @param data what is known of the data; null where only the envelope may be named
 */
record ExpressionScope(DataType.@Nullable ObjectOf data) {
  /** The names of the envelope, as CEL and key paths know them. */
  static final List<String> ENVELOPE =
      List.of(
          "id",
          "source",
          "type",
          "subject",
          "time",
          "received_at",
          "partitionkey",
          "sampledrate",
          "attributes");

  static final String DATA = "data";

  /** For choosing a stream, before anything is known of the data. */
  static ExpressionScope envelope() {
    return new ExpressionScope(null);
  }

  /** With data of this type; of {@link DataType#unknown()}, everything may be named. */
  static ExpressionScope of(DataType.ObjectOf data) {
    return new ExpressionScope(data);
  }

  /**
   * Whether nothing is known of an object's members. An object with some known members may only be
   * asked for those, even if it is open: otherwise no slip would ever be found.
   */
  static boolean isUnknown(DataType type) {
    return type == DataType.Scalar.ANY
        || (type instanceof DataType.ObjectOf object
            && object.members().isEmpty()
            && object.open());
  }

  /** The names that can begin an expression. */
  List<String> names() {
    List<String> names = new ArrayList<>(ENVELOPE);
    if (data != null) {
      names.add(DATA);
    }
    return Collections.unmodifiableList(names);
  }
}
