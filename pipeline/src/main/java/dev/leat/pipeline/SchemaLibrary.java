package dev.leat.pipeline;

import dev.harrel.jsonschema.EvaluationContext;
import dev.harrel.jsonschema.Evaluator;
import dev.harrel.jsonschema.EvaluatorFactory;
import dev.harrel.jsonschema.InvalidSchemaException;
import dev.harrel.jsonschema.JsonNode;
import dev.harrel.jsonschema.JsonNodeFactory;
import dev.harrel.jsonschema.SchemaParsingContext;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The library that knows all of JSON Schema, with one schema in it. It resolves nothing but the
 * official meta-schemas, which are in its jar. Keywords whose cost the data could drive up are
 * evaluated here instead: expressions, and the search for equal items. Its classes are loaded when
 * the first schema is read. Immutable; for any thread.
 */
final class SchemaLibrary {
  /** Never asked for: hosts of this kind don't exist. */
  private static final URI BASE = URI.create("https://schema.invalid/");

  private static final EvaluatorFactory BOUNDED =
      new EvaluatorFactory.Builder()
          .withKeyword("pattern", Matching::new)
          .withKeyword("patternProperties", MatchingNames::new)
          .withKeyword("uniqueItems", Unique::new)
          .build();

  private final Validator validator;
  private final URI uri;

  private SchemaLibrary(Validator validator, URI uri) {
    this.validator = validator;
    this.uri = uri;
  }

  /**
   * @throws InvalidSchemaException if it is no valid schema
   */
  static SchemaLibrary of(JsonTree schema) {
    Validator validator =
        new ValidatorFactory()
            .withJsonNodeFactory(new Trees())
            .withEvaluatorFactory(BOUNDED)
            .createValidator();
    return new SchemaLibrary(validator, validator.registerSchema(BASE, (JsonNode) schema));
  }

  /**
   * Whether a value is valid, and what is wrong with it, in an order that depends on schema and
   * value alone.
   *
   * @throws LimitException if finding out takes too many steps
   */
  Validator.Result validate(JsonTree value) {
    return validator.validate(uri, (JsonNode) value);
  }

  private static final class Trees implements JsonNodeFactory {
    @Override
    public JsonNode wrap(Object node) {
      return (JsonNode) node;
    }

    @Override
    public JsonNode create(String json) {
      byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
      return new JsonTreeReader().read(bytes, 0, bytes.length, null);
    }
  }

  private static boolean isIn(SchemaPattern pattern, String text, JsonNode node) {
    return pattern.isIn(text, node instanceof JsonTree tree ? tree.steps() : new Steps());
  }

  private static final class Matching implements Evaluator {
    private final SchemaPattern pattern;

    Matching(JsonNode keyword) {
      this.pattern = SchemaPattern.of(keyword.asString());
    }

    @Override
    public Result evaluate(EvaluationContext context, JsonNode node) {
      return !node.isString() || isIn(pattern, node.asString(), node)
          ? Result.success()
          : Result.failure("Value does not match the regular expression");
    }
  }

  private static final class MatchingNames implements Evaluator {
    private final Map<SchemaPattern, String> schemas = new LinkedHashMap<>();

    MatchingNames(SchemaParsingContext context, JsonNode keyword) {
      keyword
          .asObject()
          .forEach(
              (pattern, schema) ->
                  schemas.put(SchemaPattern.of(pattern), context.getAbsoluteUri(schema)));
    }

    @Override
    public Result evaluate(EvaluationContext context, JsonNode node) {
      if (!node.isObject()) {
        return Result.success();
      }
      boolean valid = true;
      Set<String> matched = new LinkedHashSet<>();
      for (Map.Entry<String, JsonNode> member : node.asObject().entrySet()) {
        for (Map.Entry<SchemaPattern, String> schema : schemas.entrySet()) {
          if (isIn(schema.getKey(), member.getKey(), node)) {
            matched.add(member.getKey());
            valid &= context.resolveInternalRefAndValidate(schema.getValue(), member.getValue());
          }
        }
      }
      return valid ? Result.success(matched) : Result.failure();
    }
  }

  private static final class Unique implements Evaluator {
    private final boolean wanted;

    Unique(JsonNode keyword) {
      this.wanted = keyword.asBoolean();
    }

    @Override
    public Result evaluate(EvaluationContext context, JsonNode node) {
      return !wanted
              || !node.isArray()
              || node.asArray().size() == new HashSet<>(node.asArray()).size()
          ? Result.success()
          : Result.failure("Items are not unique");
    }
  }
}
