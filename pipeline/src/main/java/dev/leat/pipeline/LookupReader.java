package dev.leat.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads the {@code lookups} of a definition. */
final class LookupReader {
  private final KindChoice<LookupKind> kinds;
  private final List<Mistake> mistakes;

  /** Names of all lookups, those that are wrong included, so that naming one is no mistake. */
  private final Set<String> names = new TreeSet<>();

  LookupReader(Kinds kinds, List<Mistake> mistakes) {
    this.kinds = new KindChoice<>("lookup", kinds.lookups(), LookupKind::key, LookupKind::settings);
    this.mistakes = mistakes;
  }

  Map<String, Lookup> read(YamlMap top) {
    return top.named("lookups", Names.NAME, Names::isName).entries(this::lookup);
  }

  Set<String> names() {
    return names;
  }

  private @Nullable Lookup lookup(Node node, String path) {
    names.add(path.substring(path.indexOf('.') + 1));
    LookupKind kind = kinds.of(node, path, mistakes);
    if (kind == null) {
      return null;
    }
    YamlMap map = YamlMap.of(node, path, mistakes, kinds.keys(kind, "key", "refresh"));
    String column = map.required("key");
    Duration given = map.positive("refresh");
    Duration refresh = given == null ? Lookup.DEFAULT_REFRESH : given;
    return map.readBy(settings -> kind.read(settings, column, refresh));
  }
}
