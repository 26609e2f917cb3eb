package dev.leat.pipeline;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A YAML mapping under inspection: hands out typed values, and notes a mistake with its place for
 * everything that is unknown, double or of the wrong type. A key that is absent or wrong yields the
 * default, so that reading goes on.
 */
final class YamlMap {
  private final @Nullable Node node;
  private final String path;
  private final List<Mistake> mistakes;
  private final Map<String, Node> values = new HashMap<>();

  private YamlMap(@Nullable Node node, String path, List<Mistake> mistakes) {
    this.node = node;
    this.path = path;
    this.mistakes = mistakes;
  }

  static YamlMap of(Node node, String path, List<Mistake> mistakes, String... known) {
    YamlMap map = new YamlMap(node, path, mistakes);
    if (node instanceof MappingNode mapping) {
      map.fill(mapping, List.of(known));
    } else if (!isNull(node)) {
      map.mistake(node, path, "expected keys and values, found " + describe(node));
    }
    return map;
  }

  private void fill(MappingNode mapping, List<String> known) {
    for (NodeTuple tuple : mapping.getValue()) {
      Node keyNode = tuple.getKeyNode();
      if (!(keyNode instanceof ScalarNode scalar)) {
        mistake(keyNode, path, "expected a key, found " + describe(keyNode));
      } else if (!known.contains(scalar.getValue())) {
        mistake(keyNode, path, unknown(scalar.getValue(), known));
      } else if (values.put(scalar.getValue(), tuple.getValueNode()) != null) {
        mistake(keyNode, path, "key '%s' stands here twice".formatted(scalar.getValue()));
      }
    }
  }

  private static String unknown(String key, List<String> known) {
    return Spelling.closest(key, known)
        .map(near -> "unknown key '%s'; did you mean '%s'?".formatted(key, near))
        .orElseGet(
            () -> "unknown key '%s'; known here: %s".formatted(key, String.join(", ", known)));
  }

  /** The mapping under a key; an empty one if it is absent. */
  YamlMap map(String key, String... known) {
    Node value = values.get(key);
    return value == null
        ? new YamlMap(null, under(key), mistakes)
        : of(value, under(key), mistakes, known);
  }

  String text(String key, String otherwise) {
    String value = scalar(key, "text");
    return value == null ? otherwise : value;
  }

  int integer(String key, int otherwise) {
    String value = scalar(key, "a whole number");
    if (value == null) {
      return otherwise;
    }
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      mistake(values.get(key), under(key), "expected a whole number, found '%s'".formatted(value));
      return otherwise;
    }
  }

  Duration duration(String key, Duration otherwise) {
    return quantity(
        key, Quantities::parseDuration, otherwise, "a duration such as 90s, 10m, 48h or 7d");
  }

  long size(String key, long otherwise) {
    return quantity(key, Quantities::parseSize, otherwise, "a size such as 500MB or 64GiB");
  }

  /** Builds a value that checks itself; what it complains of becomes a mistake at this mapping. */
  <T> T check(Supplier<T> value, T otherwise) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      mistake(node, path, String.valueOf(e.getMessage()));
      return otherwise;
    }
  }

  private <T> T quantity(String key, Parser<T> parser, T otherwise, String expected) {
    String text = scalar(key, expected);
    if (text == null) {
      return otherwise;
    }
    T value = parser.parse(text);
    if (value == null) {
      mistake(values.get(key), under(key), "expected %s, found '%s'".formatted(expected, text));
      return otherwise;
    }
    return value;
  }

  private interface Parser<T> {
    @Nullable T parse(String text);
  }

  private @Nullable String scalar(String key, String expected) {
    Node value = values.get(key);
    if (value == null || isNull(value)) {
      return null;
    }
    if (value instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    mistake(value, under(key), "expected %s, found %s".formatted(expected, describe(value)));
    return null;
  }

  private String under(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private void mistake(@Nullable Node at, String where, String message) {
    int line = at == null ? 0 : at.getStartMark().map(mark -> mark.getLine()).orElse(0);
    int column = at == null ? 0 : at.getStartMark().map(mark -> mark.getColumn()).orElse(0);
    mistakes.add(new Mistake(line + 1, column + 1, where, message));
  }

  private static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  private static String describe(Node node) {
    return switch (node.getNodeType()) {
      case MAPPING -> "keys and values";
      case SEQUENCE -> "a list";
      case SCALAR -> "'%s'".formatted(((ScalarNode) node).getValue());
      default -> "an alias";
    };
  }
}
