package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.harrel.jsonschema.InvalidSchemaException;
import dev.harrel.jsonschema.SimpleType;
import dev.leat.event.JsonException;
import dev.leat.pipeline.DataType.ObjectOf;
import dev.leat.pipeline.DataType.Scalar;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A JSON Schema (2020-12) for the data of events, ready for use. Made by who reads the definition;
 * immutable, for any thread. It stands alone: references out of it are refused.
 */
final class EventSchema {
  private static final int VERSION_DIGITS = 12;
  private static final int MAX_PROBLEMS = 20;

  /** What came of reading a schema. */
  sealed interface Reading {}

  record Valid(EventSchema schema) implements Reading {}

  /** At least one problem, for the person who wrote the schema. */
  record Invalid(List<Problem> problems) implements Reading {}

  /**
   * Something wrong in a schema.
   *
   * @param pointer JSON pointer into the schema; empty for all of it
   */
  record Problem(String pointer, String message) {
    @Override
    public String toString() {
      return pointer.isEmpty() ? message : pointer + ": " + message;
    }
  }

  private final String id;
  private final String version;
  private final JsonTree tree;
  private final SchemaReview review;
  private final SchemaLibrary library;
  private final ObjectOf type;

  private EventSchema(
      String id,
      String version,
      SchemaReview review,
      JsonTree tree,
      SchemaLibrary library,
      ObjectOf type) {
    this.id = id;
    this.version = version;
    this.review = review;
    this.tree = tree;
    this.library = library;
    this.type = type;
  }

  /**
   * Reads a schema.
   *
   * @param name what the definition calls it
   */
  static Reading parse(String name, String json) {
    byte[] bytes = json.getBytes(UTF_8);
    JsonTreeReader reader = new JsonTreeReader();
    JsonTree tree;
    try {
      tree = reader.read(bytes, 0, bytes.length, null);
    } catch (JsonException | LimitException notRead) {
      return invalid("", "no JSON that can be read: " + notRead.getMessage());
    }
    if (reader.repeated() != null) {
      return invalid(reader.repeated(), "the name is there twice");
    }
    if (tree.type() != SimpleType.OBJECT) {
      return invalid("", "a schema for events is an object, not " + tree.type().getName());
    }
    SchemaReview review = SchemaReview.of(tree);
    return review.problems().isEmpty()
        ? compiled(name, bytes, tree, review)
        : new Invalid(review.problems().stream().limit(MAX_PROBLEMS).toList());
  }

  private static Reading compiled(String name, byte[] bytes, JsonTree tree, SchemaReview review) {
    SchemaLibrary library;
    try {
      library = SchemaLibrary.of(tree);
    } catch (InvalidSchemaException invalid) {
      return new Invalid(Violations.problems(invalid.getErrors()));
    } catch (RuntimeException | StackOverflowError refused) {
      return invalid("", "can't be used as a schema: " + refused.getMessage());
    }
    SchemaTypes types = new SchemaTypes(review);
    SchemaTypes.Typed typed = types.of(tree);
    if (types.isTooLarge()) {
      return invalid("", "its references multiply to more schemas than can be followed");
    }
    if (typed.type() == null || !isObject(typed.orAny(), tree)) {
      return invalid("/type", "the data of an event is an object, so the schema must allow one");
    }
    ObjectOf type = typed.type() instanceof ObjectOf object ? object : DataType.unknown();
    List<String> unfit = SchemaFields.unfit(type);
    if (!unfit.isEmpty()) {
      return new Invalid(
          unfit.stream().limit(MAX_PROBLEMS).map(reason -> new Problem("", reason)).toList());
    }
    JsonTree id = tree.get("$id");
    return new Valid(
        new EventSchema(
            id == null ? name : id.asString(), version(bytes), review, tree, library, type));
  }

  /** Whether values of the root can be objects. */
  private static boolean isObject(DataType type, JsonTree tree) {
    if (type != Scalar.ANY) {
      return type instanceof ObjectOf;
    }
    JsonTree types = tree.get("type");
    return types == null
        || (types.type() == SimpleType.ARRAY
            && types.asArray().stream().anyMatch(name -> name.asString().equals("object")));
  }

  private static Invalid invalid(String pointer, String message) {
    return new Invalid(List.of(new Problem(pointer, message)));
  }

  private static String version(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(hash).substring(0, VERSION_DIGITS);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every Java has SHA-256", missing);
    }
  }

  /** What the schema calls itself, or else what the definition calls it. */
  String id() {
    return id;
  }

  /** Short, and another one for every change of the text. */
  String version() {
    return version;
  }

  /** The data's fields and their types, as far as they are known: what columns and CEL go by. */
  ObjectOf type() {
    return type;
  }

  JsonTree tree() {
    return tree;
  }

  SchemaReview review() {
    return review;
  }

  SchemaLibrary library() {
    return library;
  }

  @Override
  public String toString() {
    return id + " " + version;
  }
}
