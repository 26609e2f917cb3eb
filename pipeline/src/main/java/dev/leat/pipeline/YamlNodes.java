package dev.leat.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** What YAML says before anybody asks what it means. */
final class YamlNodes {
  private static final int MAX_CHARACTERS = 1 << 20;
  private static final int MAX_DEPTH = 32;

  /** Values with aliases for lists and mappings could be far larger than their text. */
  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setMaxAliasesForCollections(0).build();

  private YamlNodes() {}

  /** The document in a text; null if there is none, or it is no YAML, which becomes a mistake. */
  static @Nullable Node compose(String yaml, List<Mistake> mistakes) {
    if (yaml.length() > MAX_CHARACTERS) {
      mistakes.add(at(null, "", "the file has more than %d characters".formatted(MAX_CHARACTERS)));
      return null;
    }
    try {
      Mark tooDeep = tooDeep(yaml);
      if (tooDeep == null) {
        return new Compose(SETTINGS).composeString(yaml).orElse(null);
      }
      mistakes.add(at(tooDeep, "", "nested deeper than %d levels".formatted(MAX_DEPTH)));
    } catch (MarkedYamlEngineException e) {
      Mark mark = e.getProblemMark().orElse(null);
      mistakes.add(at(mark, "", "this is not YAML: " + e.getProblem()));
    } catch (YamlEngineException e) {
      mistakes.add(at(null, "", "this is not YAML: " + e.getMessage()));
    }
    return null;
  }

  /** Where it is too deep, if it is: nodes are composed by recursion, which must not run out. */
  private static @Nullable Mark tooDeep(String yaml) {
    int depth = 0;
    for (Event event : new Parse(SETTINGS).parseString(yaml)) {
      if (event instanceof CollectionStartEvent) {
        depth++;
      } else if (event instanceof CollectionEndEvent) {
        depth--;
      }
      if (depth > MAX_DEPTH) {
        return event.getStartMark().orElse(null);
      }
    }
    return null;
  }

  /** The keys of a mapping, as far as they are texts. */
  static List<String> keys(Node node) {
    List<String> keys = new ArrayList<>();
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        if (tuple.getKeyNode() instanceof ScalarNode key) {
          keys.add(key.getValue());
        }
      }
    }
    return keys;
  }

  static Mistake mistake(@Nullable Node at, String path, String message) {
    Optional<Mark> mark = at == null ? Optional.empty() : at.getStartMark();
    return at(mark.orElse(null), path, message);
  }

  private static Mistake at(@Nullable Mark mark, String path, String message) {
    int line = mark == null ? 0 : mark.getLine();
    int column = mark == null ? 0 : mark.getColumn();
    return new Mistake(line + 1, column + 1, path, message);
  }

  static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  /**
   * Whether the text began with an exclamation mark, so that YAML took its first word for a tag.
   */
  static boolean hasOwnTag(ScalarNode scalar) {
    return scalar.getTag().getValue().startsWith("!");
  }

  static String describe(Node node) {
    return switch (node.getNodeType()) {
      case MAPPING -> "keys and values";
      case SEQUENCE -> "a list";
      case SCALAR -> describe((ScalarNode) node);
      default -> "an alias";
    };
  }

  private static String describe(ScalarNode scalar) {
    if (hasOwnTag(scalar)) {
      return "the YAML tag %s; put text that begins with '!' in quotes"
          .formatted(scalar.getTag().getValue());
    }
    return isNull(scalar) ? "nothing" : "'%s'".formatted(scalar.getValue());
  }

  static @Nullable Integer integer(String text) {
    try {
      return Integer.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  static @Nullable Double number(String text) {
    return text.matches("[-+]?(\\d{1,20}(\\.\\d{0,20})?|\\.\\d{1,20})([eE][-+]?\\d{1,3})?")
        ? Double.valueOf(text)
        : null;
  }

  static @Nullable Boolean truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> null;
    };
  }
}
