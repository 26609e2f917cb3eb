package dev.leat.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Tells by its keys of which kind a mapping is. */
final class KindChoice<K> {
  private final String what;
  private final List<K> kinds;
  private final Function<K, String> keyOf;
  private final Function<K, List<String>> settingsOf;

  KindChoice(
      String what, List<K> kinds, Function<K, String> keyOf, Function<K, List<String>> settingsOf) {
    this.what = what;
    this.kinds = kinds;
    this.keyOf = keyOf;
    this.settingsOf = settingsOf;
  }

  /** The kind of a mapping; null and a mistake if it has the key of none, or of several. */
  @Nullable K of(Node node, String path, List<Mistake> mistakes) {
    List<String> keys = YamlNodes.keys(node);
    List<K> found = kinds.stream().filter(kind -> keys.contains(keyOf.apply(kind))).toList();
    if (found.size() == 1) {
      return found.getFirst();
    }
    mistakes.add(YamlNodes.mistake(node, path, complaint(node, keys, found)));
    return null;
  }

  private String complaint(Node node, List<String> keys, List<K> found) {
    if (!(node instanceof MappingNode)) {
      return "expected keys and values, found " + YamlNodes.describe(node);
    }
    if (!found.isEmpty()) {
      List<String> several = found.stream().map(keyOf).toList();
      return "a %s is of one kind, and here are %s".formatted(what, String.join(" and ", several));
    }
    List<String> names = kinds.stream().map(keyOf).toList();
    return "a %s has one of the keys %s".formatted(what, String.join(", ", names))
        + slip(keys, names);
  }

  /** All keys that a mapping of a kind may have. */
  List<String> keys(K kind, String... common) {
    List<String> keys = new ArrayList<>(List.of(keyOf.apply(kind)));
    keys.addAll(settingsOf.apply(kind));
    keys.addAll(List.of(common));
    return keys;
  }

  /** The key that was probably meant to be one of the kinds'. */
  private static String slip(List<String> keys, List<String> names) {
    for (String key : keys) {
      String near = Spelling.closest(key, names).orElse(null);
      if (near != null) {
        return "; did you mean '%s' by '%s'?".formatted(near, key);
      }
    }
    return "";
  }
}
