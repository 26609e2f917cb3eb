package dev.leat.server;

import dev.leat.event.DataSchema;
import dev.leat.event.EventStore;
import dev.leat.event.TableSpec;
import dev.leat.event.ViewSpec;
import dev.leat.pipeline.MetricPlan;
import dev.leat.pipeline.MetricSpec;
import dev.leat.pipeline.Plan;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Has the store keep the views of the definition in force. A view may be over tables that only come
 * with its definition: streams, their fields, metrics. Whether the store can keep such a view shows
 * when the definition is in force, so it is not asked before. Any thread.
 */
final class Views implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Views.class.getName());

  /** The table of the results of all metrics. */
  private static final String ALL_METRICS = "metrics";

  private static final Duration PATIENCE = Duration.ofMillis(200);

  private final EventStore store;

  // Guarded by this.
  private List<ViewSpec> wanted = List.of();
  private boolean closed;
  private @Nullable Thread waiting;

  Views(EventStore store) {
    this.store = store;
  }

  /**
   * A view that the store can't keep.
   *
   * @param index among the views of the definition
   */
  record Refusal(int index, String name, String reason) {}

  /**
   * What the store can say against the views of a plan before it is in force.
   *
   * @param metrics those that are in force
   */
  static List<Refusal> refusals(Plan plan, EventStore store, Set<MetricSpec> metrics) {
    List<ViewSpec> views = plan.views();
    Set<String> coming = coming(plan, store, metrics);
    List<Refusal> refusals = new ArrayList<>();
    for (int i = 0; i < views.size(); i++) {
      ViewSpec view = views.get(i);
      if (names(view, coming)) {
        coming.add(view.name());
      } else {
        String reason = store.refusal(view, views.subList(0, i));
        if (!reason.isEmpty()) {
          refusals.add(new Refusal(i, view.name(), reason));
        }
      }
    }
    return refusals;
  }

  /** The tables that are not yet as they will be when the plan is in force. */
  private static Set<String> coming(Plan plan, EventStore store, Set<MetricSpec> metrics) {
    Set<String> coming = new HashSet<>();
    for (MetricPlan metric : plan.metrics()) {
      if (!metrics.contains(metric.spec())) {
        coming.add(metric.name());
      }
    }
    if (metrics.isEmpty() || !coming.isEmpty()) {
      coming.add(ALL_METRICS);
    }
    Map<String, List<DataSchema.Entry>> fields = new HashMap<>();
    for (TableSpec table : store.tables()) {
      fields.put(table.name(), store.schema(table.name()).entries());
    }
    // Declared in copies: until the plan is in force its fields must not be in the tables.
    Map<String, DataSchema> copies = new HashMap<>();
    plan.declare(
        name ->
            copies.computeIfAbsent(name, _ -> DataSchema.of(fields.getOrDefault(name, List.of()))));
    copies.forEach(
        (name, copy) -> {
          if (!copy.entries().equals(fields.get(name))) {
            coming.add(name);
          }
        });
    return coming;
  }

  /** Whether a SELECT has one of the names in it; a word that only looks like one counts too. */
  private static boolean names(ViewSpec view, Set<String> tables) {
    return !tables.isEmpty()
        && Pattern.compile(
                "\\b(%s)(_current|_history)?\\b".formatted(String.join("|", tables)),
                Pattern.CASE_INSENSITIVE)
            .matcher(view.select())
            .find();
  }

  /** Has these views kept and no others. What the store can't keep is left out, and logged. */
  synchronized void keep(List<ViewSpec> views) {
    if (closed) {
      return;
    }
    wanted = views;
    List<ViewSpec> good = new ArrayList<>();
    for (ViewSpec view : views) {
      String reason = store.refusal(view, good);
      if (reason.isEmpty()) {
        good.add(view);
      } else {
        LOG.log(Level.ERROR, "the view {0} is not kept: {1}", view.name(), reason);
      }
    }
    store.materialise(good);
  }

  /**
   * Has the views of a plan kept that comes into force when the log is processed up to an offset:
   * at once if all their tables are there, otherwise then.
   */
  synchronized void keepFrom(Plan plan, long nextOffset) {
    wanted = plan.views();
    Set<String> coming = coming(plan, store, Set.of());
    if (wanted.stream().noneMatch(view -> names(view, coming))) {
      keep(wanted);
    } else {
      waiting = Thread.ofVirtual().name("leat-views").start(() -> keepLater(nextOffset));
    }
  }

  private void keepLater(long nextOffset) {
    try {
      while (!store.awaitVisible(nextOffset, PATIENCE)) {
        if (isClosed()) {
          return;
        }
      }
      keepWanted();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void keepWanted() {
    keep(wanted);
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (waiting != null) {
      waiting.interrupt();
    }
  }
}
