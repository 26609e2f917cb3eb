package dev.leat.pipeline;

import dev.leat.event.ViewSpec;
import dev.leat.pipeline.Definition.Log;
import dev.leat.pipeline.Definition.Reading;
import dev.leat.pipeline.Definition.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Turns the text of a definition file into a {@link Definition}, collecting every mistake on the
 * way.
 */
final class DefinitionReader {
  private final List<Mistake> mistakes = new ArrayList<>();
  private final Kinds kinds;

  private DefinitionReader(Kinds kinds) {
    this.kinds = kinds;
  }

  static Reading read(String yaml, Kinds kinds) {
    DefinitionReader reader = new DefinitionReader(kinds);
    Node root = YamlNodes.compose(yaml, reader.mistakes);
    Definition definition =
        root == null || YamlNodes.isNull(root) ? Definition.DEFAULTS : reader.definition(root);
    if (definition != null && reader.mistakes.isEmpty()) {
      return new Reading.Valid(definition, root == null ? Places.NONE : Places.of(root));
    }
    reader.mistakes.sort(Comparator.comparingInt(Mistake::line).thenComparingInt(Mistake::column));
    return new Reading.Invalid(reader.mistakes);
  }

  private @Nullable Definition definition(Node root) {
    Definition defaults = Definition.DEFAULTS;
    YamlMap top =
        YamlMap.of(
            root,
            "",
            mistakes,
            "server",
            "data",
            "log",
            "streams",
            "lookups",
            "metrics",
            "views",
            "alerts",
            "notify",
            "maintenance");
    Server server = server(top.map("server", "host", "port"), defaults.server());
    String data = top.text("data", defaults.data());
    Log log = log(top.map("log", "partitions", "retention", "budget"), defaults.log());
    LookupReader lookupReader = new LookupReader(kinds, mistakes);
    Map<String, Lookup> lookups = lookupReader.read(top);
    StreamReader streamReader = new StreamReader(kinds, lookupReader.names(), mistakes);
    List<StreamSpec> streams = streamReader.read(top);
    TableNames names = new TableNames();
    streamReader.names().forEach(name -> names.take(TableNames.Kind.STREAM, name));
    List<MetricSpec> metrics = new MetricReader(streamReader.names(), names, mistakes).read(top);
    List<ViewSpec> views = new ViewReader(names, mistakes).read(top);
    Alerting alerting = new AlertReader(metrics, mistakes).read(top);
    if (!mistakes.isEmpty()) {
      return null;
    }
    return new Definition(
        server, data, log, streams, new TreeMap<>(lookups), metrics, views, alerting);
  }

  private static Server server(YamlMap map, Server defaults) {
    String host = map.text("host", defaults.host());
    int port = map.integer("port", defaults.port());
    return map.check(() -> new Server(host, port), defaults);
  }

  private static Log log(YamlMap map, Log defaults) {
    int partitions = map.integer("partitions", defaults.partitions());
    Duration retention = map.duration("retention", defaults.retention());
    long budget = map.size("budget", defaults.budgetBytes());
    return map.check(() -> new Log(partitions, retention, budget), defaults);
  }
}
