package dev.leat.pipeline;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Where in the text of a definition its values stand, so that a mistake that shows later can name
 * the place too. Values are named by paths such as {@code streams[0].rules[1].check}. Immutable.
 */
public final class Places {
  /** Knows no place: everything stands at the beginning. */
  public static final Places NONE = new Places(null);

  private record Place(int line, int column) {}

  private final Map<String, Place> places = new HashMap<>();

  private Places(@Nullable Node root) {
    if (root != null) {
      add("", root);
    }
  }

  /** The places of everything in a document, which has no aliases but of scalars. */
  static Places of(Node root) {
    return new Places(root);
  }

  /** The path of an element of a list. */
  static String element(String path, int index) {
    return path + "[" + index + "]";
  }

  /** The path of a value in a mapping. */
  static String member(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /**
   * A mistake about the value with this path. If the file does not have it, it stands at the
   * nearest value around it that the file has.
   */
  public Mistake at(String path, String message) {
    for (String around = path; ; around = parent(around)) {
      Place place = places.get(around);
      if (place != null) {
        return new Mistake(place.line(), place.column(), path, message);
      }
      if (around.isEmpty()) {
        return new Mistake(1, 1, path, message);
      }
    }
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['))));
  }

  private void add(String path, Node node) {
    Mark mark = node.getStartMark().orElse(null);
    if (mark != null) {
      places.putIfAbsent(path, new Place(mark.getLine() + 1, mark.getColumn() + 1));
    }
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        if (tuple.getKeyNode() instanceof ScalarNode key) {
          add(member(path, key.getValue()), tuple.getValueNode());
        }
      }
    } else if (node instanceof SequenceNode sequence) {
      List<Node> elements = sequence.getValue();
      for (int i = 0; i < elements.size(); i++) {
        add(element(path, i), elements.get(i));
      }
    }
  }
}
