package dev.leat.pipeline;

import dev.leat.event.SystemTable;
import dev.leat.event.TableSpec;
import dev.leat.pipeline.Step.LookupStep;
import dev.leat.pipeline.StreamSpec.Entity;
import dev.leat.pipeline.StreamSpec.Order;
import dev.leat.pipeline.StreamSpec.Otherwise;
import dev.leat.pipeline.StreamSpec.Retention;
import dev.leat.pipeline.StreamSpec.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads the {@code streams} of a definition. */
final class StreamReader {
  private static final List<String> KEYS =
      List.of(
          "name",
          "match",
          "key",
          "schema",
          "rules",
          "dedup",
          "enrich",
          "entity",
          "raw",
          "retention",
          "time");

  private final KindChoice<StepKind> kinds;
  private final Set<String> lookups;
  private final List<Mistake> mistakes;

  /** Names of all streams, those that are wrong included, so that naming one is no mistake. */
  private final Set<String> names = new LinkedHashSet<>();

  /** Reads streams whose steps may name these lookups. */
  StreamReader(Kinds kinds, Set<String> lookups, List<Mistake> mistakes) {
    this.kinds = new KindChoice<>("step", kinds.steps(), StepKind::key, StepKind::settings);
    this.lookups = lookups;
    this.mistakes = mistakes;
  }

  /** The streams in the order of the file; the one for what no other takes is there always. */
  List<StreamSpec> read(YamlMap top) {
    List<StreamSpec> streams = new ArrayList<>(top.list("streams", this::stream));
    if (names.add(StreamSpec.CATCH_ALL)) {
      streams.add(StreamSpec.catchAll());
    }
    if (streams.size() > Definition.MAX_STREAMS) {
      top.mistake("streams", DefinitionCheck.tooMany());
    }
    return streams;
  }

  Set<String> names() {
    return names;
  }

  private @Nullable StreamSpec stream(Node node, String path) {
    YamlMap map = YamlMap.of(node, path, mistakes, KEYS);
    String name = name(map);
    String match = match(map, name);
    String key = map.checked("key", Names.PATH, Names::isPath);
    String schema = map.someText("schema");
    Set<String> ruleNames = new HashSet<>();
    List<Rule> rules = map.list("rules", (rule, where) -> rule(rule, where, ruleNames));
    Duration dedup = dedup(map);
    List<Step> enrich = map.list("enrich", this::step);
    Entity entity = entity(map);
    StreamSpec.Raw raw = map.choice("raw", StreamSpec.Raw.NEEDED);
    Retention retention = retention(map);
    StreamSpec.Time time = time(map);
    return map.build(
        () ->
            new StreamSpec(
                name, match, key, schema, rules, dedup, enrich, entity, raw, retention, time));
  }

  private String name(YamlMap map) {
    String name = map.required("name", Names.TABLE, TableSpec::isName);
    if (SystemTable.isReserved(name)) {
      map.mistake("name", StreamSpec.reserved(name));
    } else if (!name.isEmpty() && !names.add(name)) {
      map.mistake("name", DefinitionCheck.twice("streams", name));
    }
    return name;
  }

  private static @Nullable String match(YamlMap map, String name) {
    if (!name.equals(StreamSpec.CATCH_ALL)) {
      return map.required("match");
    }
    if (map.has("match")) {
      map.mistake("match", StreamSpec.needless());
    }
    return null;
  }

  private @Nullable Rule rule(Node node, String path, Set<String> taken) {
    YamlMap map = YamlMap.of(node, path, mistakes, "name", "check", "otherwise");
    String name = map.required("name", Names.NAME, Names::isName);
    if (!name.isEmpty() && !taken.add(name)) {
      map.mistake("name", DefinitionCheck.twice("rules of this stream", name));
    }
    String check = map.required("check");
    Otherwise otherwise = map.choice("otherwise", Otherwise.DEAD_LETTER);
    return map.build(() -> new Rule(name, check, otherwise));
  }

  private static Duration dedup(YamlMap stream) {
    String word = stream.word("dedup");
    if (word == null) {
      YamlMap map = stream.map("dedup", "window");
      return map.duration("window", StreamSpec.DEFAULT_DEDUP);
    }
    if (!word.equals("off")) {
      stream.mistake(
          "dedup", "expected off or a window such as {window: 24h}, found '%s'".formatted(word));
    }
    return Duration.ZERO;
  }

  private @Nullable Step step(Node node, String path) {
    StepKind kind = kinds.of(node, path, mistakes);
    if (kind == null) {
      return null;
    }
    YamlMap map = YamlMap.of(node, path, mistakes, kinds.keys(kind));
    Step step = map.readBy(kind::read);
    if (step instanceof LookupStep named && !lookups.contains(named.lookup())) {
      map.mistake("lookup", Spelling.unknown("lookup", named.lookup(), lookups));
    }
    return step;
  }

  private static @Nullable Entity entity(YamlMap stream) {
    if (!stream.has("entity")) {
      return null;
    }
    YamlMap map = stream.map("entity", "key", "version", "order");
    String key = map.path("key");
    String version = map.path("version");
    Order order = map.choice("order", Order.NEWER);
    return map.build(() -> new Entity(key, version, order));
  }

  private static StreamSpec.Time time(YamlMap stream) {
    StreamSpec.Time usual = StreamSpec.Time.DEFAULT;
    YamlMap map = stream.map("time", "disorder", "idle", "ahead");
    Duration disorder = map.duration("disorder", usual.disorder());
    Duration idle = map.duration("idle", usual.idle());
    Duration ahead = map.duration("ahead", usual.ahead());
    StreamSpec.Time time = map.build(() -> new StreamSpec.Time(disorder, idle, ahead));
    return time == null ? usual : time;
  }

  private static @Nullable Retention retention(YamlMap stream) {
    YamlMap map = stream.map("retention", "raw", "minute", "hour", "day");
    Duration raw = keep(map, "raw");
    Duration minute = keep(map, "minute");
    Duration hour = keep(map, "hour");
    Duration day = keep(map, "day");
    boolean none = raw == null && minute == null && hour == null && day == null;
    return none ? null : map.build(() -> new Retention(raw, minute, hour, day));
  }

  /** How long; null for ever, which may be said in a word too. */
  private static @Nullable Duration keep(YamlMap retention, String key) {
    return "forever".equals(retention.word(key)) ? null : retention.positive(key);
  }
}
