package dev.leat.server;

import dev.leat.engine.Engine;
import dev.leat.engine.InForce;
import dev.leat.engine.Plans;
import dev.leat.event.EventStore;
import dev.leat.event.KeyRule;
import dev.leat.event.Metrics.MetricInfo;
import dev.leat.pipeline.Definition;
import dev.leat.pipeline.Kinds;
import dev.leat.pipeline.MetricPlan;
import dev.leat.pipeline.MetricSpec;
import dev.leat.pipeline.Mistake;
import dev.leat.pipeline.Places;
import dev.leat.pipeline.Plan;
import dev.leat.pipeline.Plan.Planning;
import dev.leat.server.DefinitionLoader.Attempt;
import dev.leat.server.DefinitionLoader.Failed;
import dev.leat.server.DefinitionLoader.Loaded;
import dev.leat.server.Views.Refusal;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The definition in force: read and checked at the start, put in force again when its files change.
 * A version that is not good enough leaves the last one in force. Any thread, but for what is
 * handed to the engine and the watch.
 */
final class Definitions implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Definitions.class.getName());

  private final @Nullable Path file;
  private final Kinds kinds;
  private final ContentStore copies;
  private final DefinitionLoader loader;
  private final InstantSource clock;
  private final Instant readAt;
  private volatile Version current;
  private volatile Definition latest;
  private @Nullable DefinitionWatch watch;
  private volatile @Nullable Views views;

  /** What is in force, or about to be. */
  private record Version(Loaded loaded, DefinitionBundle bundle, Plan plan) {}

  private Definitions(
      @Nullable Path file,
      Kinds kinds,
      ContentStore copies,
      DefinitionLoader loader,
      InstantSource clock,
      Instant readAt,
      Version first) {
    this.file = file;
    this.kinds = kinds;
    this.copies = copies;
    this.loader = loader;
    this.clock = clock;
    this.readAt = readAt;
    this.current = first;
    this.latest = first.loaded().content().definition();
  }

  /**
   * Reads and checks a definition with all that it names.
   *
   * @param file null for the defaults
   * @param data the data directory, which gets copies of all files
   * @throws CommandFailure with every mistake in it
   */
  static Definitions read(@Nullable Path file, Path data, InstantSource clock) {
    Kinds kinds = Extensions.kinds();
    ContentStore copies = ContentStore.in(data);
    DefinitionLoader loader = new DefinitionLoader(kinds, copies);
    Instant readAt = clock.instant();
    Attempt attempt = file == null ? loader.loadDefaults() : loader.load(file);
    return switch (attempt) {
      case Failed failed -> throw invalid(file, failed.mistakes());
      case Loaded loaded ->
          switch (loaded.content().compile(kinds)) {
            case Planning.Invalid invalid -> throw invalid(file, invalid.mistakes());
            case Planning.Valid valid ->
                new Definitions(
                    file, kinds, copies, loader, clock, readAt, version(loaded, valid.plan()));
          };
    };
  }

  private static Version version(Loaded loaded, Plan plan) {
    return new Version(loaded, Objects.requireNonNull(loaded.bundle()), plan);
  }

  private static CommandFailure invalid(@Nullable Path file, List<Mistake> mistakes) {
    return file == null
        ? new CommandFailure("the defaults can't be put in force: " + mistakes)
        : new CommandFailure(
            "%s is not valid:%n%s".formatted(file, DefinitionFile.list(file, mistakes)));
  }

  /**
   * Checks that the tables can take what the definition yields, and that the store can keep its
   * views, as far as that can be said before the definition is in force.
   *
   * @throws CommandFailure saying what they can't
   */
  void check(EventStore store) {
    List<String> conflicts = current.plan().conflicts(store);
    if (!conflicts.isEmpty()) {
      throw new CommandFailure(
          "the definition does not go with the tables there are: %s; give the field another name, or the stream"
              .formatted(String.join("; ", conflicts)));
    }
    List<Refusal> refusals = Views.refusals(current.plan(), store, Set.of());
    if (!refusals.isEmpty()) {
      throw new CommandFailure(
          refusals.stream()
              .map(view -> "the view '%s' can't be kept: %s".formatted(view.name(), view.reason()))
              .collect(Collectors.joining("; ")));
    }
  }

  /**
   * From now on the store keeps the views of the definition in force.
   *
   * @param nextOffset the definition is in force when the log was processed up to here
   */
  void keepViews(EventStore store, long nextOffset) {
    Views kept = new Views(store);
    views = kept;
    kept.keepFrom(current.plan(), nextOffset);
  }

  /** The definition as the log records it. */
  byte[] encoded() {
    return current.bundle().encode();
  }

  /** Plans for what the log records: the present one at once, others from their copies. */
  Plans plans() {
    KeptPlans kept = new KeptPlans(new DefinitionLoader(kinds, copies));
    return definition -> {
      Version present = current;
      return Arrays.equals(present.bundle().encode(), definition)
          ? present.plan()
          : kept.load(definition);
    };
  }

  /** The keys that events get at the door. */
  KeyRule keys() {
    return current.plan().keys();
  }

  /** From now on a change of the files is put in force. */
  void watch(Engine engine, EventStore store) {
    Path watched = file;
    if (watched != null) {
      watch =
          new DefinitionWatch(
                  watched,
                  loader,
                  current.loaded(),
                  readAt,
                  new DefinitionWatch.Listener() {
                    @Override
                    public List<Mistake> changed(Loaded loaded) {
                      return take(loaded, engine, store);
                    }

                    @Override
                    public void same(Loaded loaded) {
                      latest = loaded.content().definition();
                    }
                  },
                  clock)
              .start();
    }
  }

  private List<Mistake> take(Loaded loaded, Engine engine, EventStore store) {
    Places places = loaded.content().places();
    return switch (loaded.content().compile(kinds)) {
      case Planning.Invalid invalid -> invalid.mistakes();
      case Planning.Valid valid -> {
        List<Mistake> mistakes = mistakes(valid.plan(), places, engine, store);
        yield mistakes.isEmpty() ? force(version(loaded, valid.plan()), places, engine) : mistakes;
      }
    };
  }

  /** What the tables there are say against a plan. */
  private List<Mistake> mistakes(Plan plan, Places places, Engine engine, EventStore store) {
    List<String> conflicts = plan.conflicts(store);
    if (!conflicts.isEmpty()) {
      return conflicts.stream().map(conflict -> places.at("streams", conflict)).toList();
    }
    return Views.refusals(plan, store, metricsInForce(engine)).stream()
        .map(view -> places.at("views[%d].select".formatted(view.index()), view.reason()))
        .toList();
  }

  /** Without those that the engine has not come to yet. */
  private Set<MetricSpec> metricsInForce(Engine engine) {
    Set<String> running =
        engine.metrics().metrics().stream().map(MetricInfo::name).collect(Collectors.toSet());
    return current.plan().metrics().stream()
        .map(MetricPlan::spec)
        .filter(metric -> running.contains(metric.name()))
        .collect(Collectors.toSet());
  }

  private List<Mistake> force(Version next, Places places, Engine engine) {
    Version before = current;
    // First, so that the engine finds the plan when it meets the record. Keys may change a moment
    // earlier than the rest: they are written with each event.
    current = next;
    try {
      long version = engine.define(next.bundle().encode());
      LOG.log(Level.INFO, "version {0} of the definition is in force", Long.toString(version));
      latest = next.loaded().content().definition();
      Views kept = views;
      if (kept != null) {
        kept.keep(next.plan().views());
      }
      forgetCopies(engine);
      return List.of();
    } catch (IllegalStateException cantNow) {
      current = before;
      return List.of(places.at("", String.valueOf(cantNow.getMessage())));
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return List.of(places.at("", "Leat is stopping"));
    }
  }

  /** Removes copies that no event in the log was decided on with. */
  private void forgetCopies(Engine engine) {
    Set<String> needed = new HashSet<>(current.bundle().copies());
    try {
      for (InForce known : engine.definitions()) {
        needed.addAll(DefinitionBundle.decode(known.definition()).copies());
      }
      copies.retain(needed);
    } catch (IOException failed) {
      LOG.log(Level.WARNING, "old copies of the definition stay", failed);
    }
  }

  /** What the file said last that could be put in force: as to alerts, that is in force. */
  Definition latest() {
    return latest;
  }

  /** What is in force. */
  Definition definition() {
    return current.loaded().content().definition();
  }

  /** Why the files as they are now are not in force; empty if they are. */
  List<String> problems() {
    DefinitionWatch watching = watch;
    return watching == null ? List.of() : watching.problems();
  }

  /**
   * Looks at the files now.
   *
   * @return what is wrong with them; empty if they are in force
   */
  List<String> reload() throws InterruptedException {
    DefinitionWatch watching = watch;
    return watching == null ? List.of() : watching.reload();
  }

  @Override
  public void close() {
    DefinitionWatch watching = watch;
    if (watching != null) {
      watching.close();
    }
    Views kept = views;
    if (kept != null) {
      kept.close();
    }
  }
}
