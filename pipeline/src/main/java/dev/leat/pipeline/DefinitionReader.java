package dev.leat.pipeline;

import dev.leat.pipeline.Definition.Log;
import dev.leat.pipeline.Definition.Reading;
import dev.leat.pipeline.Definition.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Turns the text of a definition file into a {@link Definition}, collecting every mistake on the
 * way.
 */
final class DefinitionReader {
  private static final int MAX_CHARACTERS = 1 << 20;

  private final List<Mistake> mistakes = new ArrayList<>();

  private DefinitionReader() {}

  static Reading read(String yaml) {
    DefinitionReader reader = new DefinitionReader();
    Definition definition = reader.definition(yaml);
    if (reader.mistakes.isEmpty()) {
      return new Reading.Valid(definition);
    }
    reader.mistakes.sort(Comparator.comparingInt(Mistake::line).thenComparingInt(Mistake::column));
    return new Reading.Invalid(reader.mistakes);
  }

  private Definition definition(String yaml) {
    Definition defaults = Definition.DEFAULTS;
    if (yaml.length() > MAX_CHARACTERS) {
      mistakes.add(
          new Mistake(1, 1, "", "the file has more than %d characters".formatted(MAX_CHARACTERS)));
      return defaults;
    }
    Optional<Node> root = compose(yaml);
    if (root.isEmpty()) {
      return defaults;
    }
    YamlMap top = YamlMap.of(root.get(), "", mistakes, "server", "data", "log");
    return new Definition(
        server(top.map("server", "host", "port"), defaults.server()),
        top.text("data", defaults.data()),
        log(top.map("log", "partitions", "retention", "budget"), defaults.log()));
  }

  private Optional<Node> compose(String yaml) {
    try {
      LoadSettings settings = LoadSettings.builder().setMaxAliasesForCollections(0).build();
      return new Compose(settings).composeString(yaml);
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark();
      mistakes.add(
          new Mistake(
              mark.map(Mark::getLine).orElse(0) + 1,
              mark.map(Mark::getColumn).orElse(0) + 1,
              "",
              "this is not YAML: " + e.getProblem()));
    } catch (YamlEngineException e) {
      mistakes.add(new Mistake(1, 1, "", "this is not YAML: " + e.getMessage()));
    }
    return Optional.empty();
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
