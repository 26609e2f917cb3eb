package dev.leat.pipeline;

import dev.leat.event.DataSchema;
import dev.leat.pipeline.DataType.ListOf;
import dev.leat.pipeline.DataType.ObjectOf;
import dev.leat.pipeline.DataType.Scalar;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an event has a key: {@code subject}, {@code attributes.sequence}, {@code data.origin},
 * {@code data.address.city}. The key is the text that stands there, or an integer in decimal
 * digits; everything else is no key. Immutable.
 *
 * @param field the part of the envelope
 * @param members the names from the data down to the key, or the name of the attribute; empty if
 *     the key is in the envelope otherwise
 */
record KeyPath(Place field, List<String> members) {
  KeyPath {
    members = List.copyOf(members);
  }

  /** Where keys can stand. */
  enum Place {
    ID("id"),
    SOURCE("source"),
    TYPE("type"),
    SUBJECT("subject"),
    PARTITION_KEY("partitionkey"),
    ATTRIBUTES("attributes"),
    DATA(ExpressionScope.DATA);

    private final String text;

    Place(String text) {
      this.text = text;
    }

    private static @Nullable Place of(String text) {
      for (Place place : values()) {
        if (place.text.equals(text)) {
          return place;
        }
      }
      return null;
    }
  }

  /** What became of a text. */
  sealed interface Reading {}

  record Ready(KeyPath path) implements Reading {}

  record Wrong(String message) implements Reading {}

  /** What the value at a path is for, and so what it has to be. */
  enum Use {
    KEY("a key", "a key is text or an integer"),
    VALUE("a value", "expected text, a number, or true or false"),
    NUMBER("a value", "expected a number");

    private final String noun;
    private final String wish;

    Use(String noun, String wish) {
      this.noun = noun;
      this.wish = wish;
    }

    private boolean takes(DataType type) {
      return ExpressionScope.isUnknown(type)
          || switch (this) {
            case KEY -> type == Scalar.TEXT || type == Scalar.INTEGER;
            case VALUE -> type instanceof Scalar;
            case NUMBER -> type == Scalar.INTEGER || type == Scalar.NUMBER;
          };
    }
  }

  /** Reads the path of a key and checks it against what there is. */
  static Reading read(String text, ExpressionScope scope) {
    return read(text, scope, Use.KEY);
  }

  /** Reads the path of a value for some use and checks it against what there is. */
  static Reading read(String text, ExpressionScope scope, Use use) {
    List<String> names = List.of(text.strip().split("\\.", -1));
    Place field = Place.of(names.getFirst());
    if (field == null) {
      return new Wrong(unknown(names.getFirst(), scope, use));
    }
    if (field == Place.ATTRIBUTES) {
      return names.size() == 2 && !names.getLast().isEmpty()
          ? new Ready(new KeyPath(field, names.subList(1, 2)))
          : new Wrong("expected the name of an attribute, as attributes.sequence");
    }
    if (field != Place.DATA) {
      return names.size() == 1
          ? ready(field, List.of(), Scalar.TEXT, names.getFirst(), use)
          : new Wrong("%s is text and has no members".formatted(names.getFirst()));
    }
    return data(names.subList(1, names.size()), scope.data(), use);
  }

  private static Reading data(List<String> members, @Nullable ObjectOf data, Use use) {
    if (data == null) {
      return new Wrong("data can't be asked for here");
    }
    if (members.isEmpty() || members.contains("")) {
      return new Wrong("expected a member of the data, as data.origin");
    }
    StringBuilder path = new StringBuilder(ExpressionScope.DATA);
    DataType type = data;
    for (String name : members) {
      DataType.Member member = type instanceof ObjectOf object ? object.members().get(name) : null;
      if (member == null && !ExpressionScope.isUnknown(type)) {
        return new Wrong(missing(path.toString(), name, type));
      }
      type = member == null ? Scalar.ANY : member.type();
      path.append('.').append(name);
    }
    return ready(Place.DATA, members, type, path.toString(), use);
  }

  private static Reading ready(
      Place field, List<String> members, DataType type, String path, Use use) {
    return use.takes(type)
        ? new Ready(new KeyPath(field, members))
        : new Wrong("%s is %s; %s".formatted(path, describe(type), use.wish));
  }

  private static String missing(String path, String name, DataType type) {
    if (!(type instanceof ObjectOf object)) {
      return "%s is %s and has no members".formatted(path, describe(type));
    }
    return "there is no %s.%s".formatted(path, name)
        + Spelling.closest(name, object.members().keySet())
            .map(near -> "; did you mean %s.%s?".formatted(path, near))
            .orElse("");
  }

  private static String unknown(String name, ExpressionScope scope, Use use) {
    List<String> known = new ArrayList<>();
    for (Place place : Place.values()) {
      if (place != Place.DATA || scope.data() != null) {
        known.add(place.text);
      }
    }
    if (scope.data() != null && scope.data().members().containsKey(name)) {
      return "there is no %s; did you mean data.%s?".formatted(name, name);
    }
    return Spelling.closest(name, known)
        .map(near -> "there is no %s; did you mean %s?".formatted(name, near))
        .orElseGet(
            () ->
                "'%s' can't be %s; %s is one of %s"
                    .formatted(name, use.noun, use.noun, String.join(", ", known)));
  }

  private static String describe(DataType type) {
    return switch (type) {
      case Scalar scalar ->
          switch (scalar) {
            case ANY -> "anything";
            case BOOLEAN -> "true or false";
            case INTEGER -> "an integer";
            case NUMBER -> "a number with fractions";
            case TEXT -> "text";
          };
      case ListOf _ -> "a list";
      case ObjectOf _ -> "an object";
    };
  }

  /** A reader for one thread and rows of one table. */
  KeyReader reader(DataSchema schema) {
    return new KeyReader(this, schema);
  }

  /** A reader for one thread, for events that have no row yet. */
  KeyReader reader() {
    return new KeyReader(this, new DataSchema());
  }

  @Override
  public String toString() {
    return members.isEmpty() ? field.text : field.text + "." + String.join(".", members);
  }
}
