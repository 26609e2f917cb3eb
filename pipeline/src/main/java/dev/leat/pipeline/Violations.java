package dev.leat.pipeline;

import dev.harrel.jsonschema.Error;
import dev.harrel.jsonschema.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Puts what the schema library found into words: short, and the same for the same event. */
final class Violations {
  private static final int MAX_TEXT = 100;
  private static final int MAX_POINTER = 256;
  private static final int MAX_CHOICES = 8;
  private static final int MAX_PROBLEMS = 20;

  /** What is wrong there need not be wrong: other branches may do. */
  private static final Pattern BRANCH = Pattern.compile("/(anyOf|oneOf|not|if|contains)(/|$)");

  /** What is wrong there is said once more for each schema around it. */
  private static final Set<String> AROUND = Set.of("allOf", "anyOf", "$ref", "$dynamicRef");

  private Violations() {}

  /**
   * The violation that is told: the first one, in the order of the keywords in the schema and of
   * the members in the data, that is not inside one branch of several.
   */
  static Violation of(List<Error> errors, JsonTree data, JsonTree schema) {
    if (errors.isEmpty()) {
      return whole("schema", "valid data", found(data));
    }
    Error told = errors.getFirst();
    for (Error error : errors) {
      if (!BRANCH.matcher(parent(error.getEvaluationPath())).find()) {
        told = error;
        break;
      }
    }
    String keyword = told.getKeyword() == null ? last(told.getEvaluationPath()) : told.getKeyword();
    JsonTree limit = schema.at(fragment(told.getSchemaLocation()) + '/' + told.getKeyword());
    JsonTree value = data.at(told.getInstanceLocation());
    return new Violation(
        cut(told.getInstanceLocation(), MAX_POINTER),
        keyword,
        cut(expected(keyword, limit, value, told)),
        keyword.equals("required") ? "none" : found(value));
  }

  /** Something about a document as a whole. */
  static Violation whole(String keyword, String expected, String found) {
    return new Violation("", keyword, cut(expected), cut(found));
  }

  /** What is wrong with a schema by the meta-schema. */
  static List<EventSchema.Problem> problems(List<Error> errors) {
    List<EventSchema.Problem> problems = new ArrayList<>();
    for (Error error : errors) {
      if (problems.size() < MAX_PROBLEMS && !AROUND.contains(error.getKeyword())) {
        problems.add(new EventSchema.Problem(error.getInstanceLocation(), cut(error.getError())));
      }
    }
    return problems.isEmpty()
        ? List.of(new EventSchema.Problem("", "no valid schema"))
        : List.copyOf(problems);
  }

  private static String expected(
      String keyword, @Nullable JsonTree limit, @Nullable JsonTree value, Error told) {
    if (limit == null) {
      return told.getKeyword() == null ? "no value here" : told.getError();
    }
    return switch (keyword) {
      case "type" -> limit.isArray() ? choices(limit.asArray(), " or ", false) : limit.asString();
      case "required" -> "a member " + quoted(missing(limit, value));
      case "minimum" -> "at least " + limit.asString();
      case "maximum" -> "at most " + limit.asString();
      case "exclusiveMinimum" -> "more than " + limit.asString();
      case "exclusiveMaximum" -> "less than " + limit.asString();
      case "multipleOf" -> "a multiple of " + limit.asString();
      case "minLength" -> "at least %s characters".formatted(limit.asString());
      case "maxLength" -> "at most %s characters".formatted(limit.asString());
      case "minItems" -> "at least %s items".formatted(limit.asString());
      case "maxItems" -> "at most %s items".formatted(limit.asString());
      case "minProperties" -> "at least %s members".formatted(limit.asString());
      case "maxProperties" -> "at most %s members".formatted(limit.asString());
      case "pattern" -> "text that matches " + limit.asString();
      case "const" -> found(limit);
      case "enum" -> "one of " + choices(limit.asArray(), ", ", true);
      default -> told.getError();
    };
  }

  private static String choices(List<JsonNode> values, String between, boolean quote) {
    List<String> texts = new ArrayList<>();
    for (JsonNode value : values.subList(0, Math.min(values.size(), MAX_CHOICES))) {
      texts.add(quote ? found((JsonTree) value) : value.asString());
    }
    return String.join(between, texts) + (values.size() > MAX_CHOICES ? between + "..." : "");
  }

  private static String missing(JsonTree required, @Nullable JsonTree value) {
    for (JsonNode name : required.asArray()) {
      if (value == null || value.get(name.asString()) == null) {
        return name.asString();
      }
    }
    return "";
  }

  /** A value as its beginning, an object or an array as what it is. */
  private static String found(@Nullable JsonTree value) {
    if (value == null) {
      return "none";
    }
    return switch (value.type()) {
      case OBJECT -> "an object";
      case ARRAY -> "an array of " + value.asArray().size();
      case STRING -> quoted(value.asString());
      case NULL, BOOLEAN, INTEGER, NUMBER -> cut(value.asString());
    };
  }

  private static String quoted(String text) {
    return '"' + cut(text, MAX_TEXT - 2) + '"';
  }

  /** As much of a text as is shown, on one line. */
  static String cut(String text) {
    return cut(text, MAX_TEXT);
  }

  private static String cut(String text, int max) {
    String kept = text;
    if (text.length() > max) {
      int end = max - 3;
      kept =
          text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end)
              + "...";
    }
    StringBuilder shown = new StringBuilder(kept.length());
    kept.chars().forEach(c -> shown.append(c < ' ' || c == 0x7F ? ' ' : (char) c));
    return shown.toString();
  }

  private static String fragment(String location) {
    return location.substring(location.indexOf('#') + 1);
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
