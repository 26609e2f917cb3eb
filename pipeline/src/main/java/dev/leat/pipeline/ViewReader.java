package dev.leat.pipeline;

import dev.leat.event.ViewSpec;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads the {@code views} of a definition. What their SELECT means is for the store to say. */
final class ViewReader {
  private final TableNames names;
  private final List<Mistake> mistakes;

  /** Reads views that may not be called as the tables are whose names are taken. */
  ViewReader(TableNames names, List<Mistake> mistakes) {
    this.names = names;
    this.mistakes = mistakes;
  }

  List<ViewSpec> read(YamlMap top) {
    return top.list("views", this::view);
  }

  private @Nullable ViewSpec view(Node node, String path) {
    YamlMap map = YamlMap.of(node, path, mistakes, "name", "select", "refresh");
    String name = map.table(names, TableNames.Kind.VIEW);
    String select = map.required("select");
    Duration refresh = map.positive("refresh");
    return map.build(() -> new ViewSpec(name, select, refresh));
  }
}
