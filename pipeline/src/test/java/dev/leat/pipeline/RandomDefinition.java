package dev.leat.pipeline;

import dev.leat.event.SystemTable;
import dev.leat.event.ViewSpec;
import dev.leat.pipeline.Definition.Log;
import dev.leat.pipeline.Definition.Server;
import dev.leat.pipeline.Lookup.FileLookup;
import dev.leat.pipeline.MetricSpec.Function;
import dev.leat.pipeline.MetricSpec.Measure;
import dev.leat.pipeline.MetricSpec.Window;
import dev.leat.pipeline.Step.ComputeStep;
import dev.leat.pipeline.Step.LookupStep;
import dev.leat.pipeline.Step.Missing;
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
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Definitions that use everything, with text that YAML finds hard. */
final class RandomDefinition {
  private static final String[] PIECES = {
    "a",
    "Z",
    "0",
    " ",
    "  ",
    "\n",
    "\t",
    "\r",
    "\"",
    "'",
    "\\",
    ":",
    "#",
    "- ",
    "!",
    "{",
    "}",
    "[",
    "]",
    ",",
    "&",
    "*",
    "null",
    "true",
    "~",
    "%",
    "@",
    "`",
    "|",
    ">",
    "?",
    "é",
    "\u0085",
    "\u00a0",
    "\u2028",
    "\ufeff",
    "\u0000",
    "\u001b",
    "\u007f",
    "\ufffe",
    "\ud83d\udeeb",
    "<<",
    "---",
    "..."
  };

  private final RandomGenerator chance;

  RandomDefinition(RandomGenerator chance) {
    this.chance = chance;
  }

  Definition next() {
    TreeMap<String, Lookup> lookups = new TreeMap<>();
    for (String name : names(3)) {
      lookups.put(name, new FileLookup(text(), text(), longerThanNothing()));
    }
    List<StreamSpec> streams = new ArrayList<>();
    for (String name : tableNames(4)) {
      streams.add(stream(name, text(), List.copyOf(lookups.keySet())));
    }
    streams.add(
        chance.nextInt(streams.size() + 1),
        stream(StreamSpec.CATCH_ALL, null, List.copyOf(lookups.keySet())));
    List<MetricSpec> metrics = new ArrayList<>();
    Set<String> taken = new HashSet<>(streams.stream().map(StreamSpec::name).toList());
    for (String name : tableNames(4)) {
      if (taken.add(name)) {
        metrics.add(metric(name, streams.get(chance.nextInt(streams.size())).name()));
      }
    }
    List<ViewSpec> views = new ArrayList<>();
    for (String name : tableNames(4)) {
      if (taken.add(name)) {
        views.add(new ViewSpec(name, text(), maybe(this::longerThanNothing)));
      }
    }
    return new Definition(
        new Server(text(), chance.nextInt(65_536)),
        chance.nextBoolean() ? "" : text(),
        new Log(1 + chance.nextInt(1_024), duration(), (256L << 20) + chance.nextInt(1 << 30)),
        streams,
        lookups,
        metrics,
        views,
        Alerting.NONE);
  }

  private StreamSpec stream(String name, @Nullable String match, List<String> lookups) {
    return new StreamSpec(
        name,
        match,
        maybe(this::path),
        maybe(this::text),
        names(3).stream().map(this::rule).toList(),
        duration(),
        list(3, () -> step(lookups)),
        maybe(() -> new Entity(path(), path(), one(Order.values()))),
        one(StreamSpec.Raw.values()),
        maybe(this::retention),
        StreamSpec.Time.DEFAULT);
  }

  private Rule rule(String name) {
    return new Rule(name, text(), one(Otherwise.values()));
  }

  private Step step(List<String> lookups) {
    String into = "data." + path();
    return lookups.isEmpty() || chance.nextBoolean()
        ? new ComputeStep(text(), into)
        : new LookupStep(
            lookups.get(chance.nextInt(lookups.size())), path(), into, one(Missing.values()));
  }

  private Retention retention() {
    return new Retention(
        longerThanNothing(),
        maybe(this::longerThanNothing),
        maybe(this::longerThanNothing),
        maybe(this::longerThanNothing));
  }

  private MetricSpec metric(String name, String from) {
    List<Measure> measures = new ArrayList<>();
    for (String measure : tableNames(3)) {
      measures.add(measure(measure));
    }
    measures.add(new Measure("always", Function.COUNT, null, null));
    return new MetricSpec(
        name,
        from,
        maybe(this::text),
        window(),
        list(3, this::path).stream().distinct().toList(),
        duration(),
        measures,
        1 + chance.nextInt(MetricSpec.MAX_SERIES));
  }

  private Measure measure(String name) {
    Function function = one(Function.values());
    Double argument =
        switch (function) {
          case QUANTILE -> chance.nextInt(10_001) / 10_000.0;
          case TOPK -> 1.0 + chance.nextInt(Measure.MAX_TOPK);
          default -> null;
        };
    return new Measure(name, function, path(), argument);
  }

  private Window window() {
    Duration size = longerThanNothing();
    return switch (chance.nextInt(3)) {
      case 0 -> new Window.Tumbling(size);
      case 1 -> new Window.Sliding(size.multipliedBy(1 + chance.nextInt(5)), size);
      default -> new Window.Session(size, path());
    };
  }

  /** Neither blank nor with a character that a path may have and text may not. */
  private String text() {
    StringBuilder text = new StringBuilder(chance.nextInt(4) == 0 ? "" : "type == 'a'");
    int pieces = chance.nextInt(8);
    for (int i = 0; i < pieces; i++) {
      text.append(one(PIECES));
    }
    return text.toString().isBlank() ? "x" : text.toString();
  }

  private String path() {
    return String.join(".", list(2, () -> one("data", "id", "null", "0", "é-x", "a:b", "#c")))
        + one("origin", ".x").replaceFirst("^\\.", "y");
  }

  private Duration duration() {
    return chance.nextInt(4) == 0 ? Duration.ZERO : longerThanNothing();
  }

  private Duration longerThanNothing() {
    return Duration.ofMillis(1 + (chance.nextLong() >>> (25 + chance.nextInt(36))));
  }

  private List<String> names(int most) {
    Set<String> names =
        new LinkedHashSet<>(list(most, () -> one("a", "B-c", "null", "true", "n_1")));
    return List.copyOf(names);
  }

  private List<String> tableNames(int most) {
    Set<String> names =
        new LinkedHashSet<>(
            list(most, () -> one("a", "null", "true", "n_1", "y", "off", "z9", "b", "c")));
    names.removeIf(SystemTable::isReserved);
    return new ArrayList<>(names);
  }

  private <T> List<T> list(int most, Supplier<T> element) {
    List<T> list = new ArrayList<>();
    int size = chance.nextInt(most + 1);
    for (int i = 0; i < size; i++) {
      list.add(element.get());
    }
    return list;
  }

  private <T> @Nullable T maybe(Supplier<T> value) {
    return chance.nextBoolean() ? value.get() : null;
  }

  @SafeVarargs
  private <T> T one(T... choices) {
    return choices[chance.nextInt(choices.length)];
  }
}
