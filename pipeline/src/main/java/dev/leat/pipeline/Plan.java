package dev.leat.pipeline;

import dev.leat.event.DataSchema;
import dev.leat.event.EventStore;
import dev.leat.event.EventStore.Intake;
import dev.leat.event.KeyRule;
import dev.leat.event.ViewSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A definition that runs: everything it says was checked against everything else, so that no event
 * finds a mistake in it. Immutable; any thread.
 */
public final class Plan {
  private final List<StreamPlan> streams;
  private final Map<String, LookupTable> lookups;
  private final List<MetricPlan> metrics;
  private final Kinds kinds;
  private final KeyRule keys;
  private final List<ViewSpec> views;

  Plan(
      List<StreamPlan> streams,
      Map<String, LookupTable> lookups,
      List<MetricPlan> metrics,
      Kinds kinds,
      List<ViewSpec> views) {
    this.streams = List.copyOf(streams);
    this.metrics = List.copyOf(metrics);
    this.lookups = Map.copyOf(lookups);
    this.kinds = kinds;
    this.views = List.copyOf(views);
    boolean anyKey = streams.stream().anyMatch(stream -> stream.key() != null);
    this.keys = anyKey ? new DoorKeys(streams) : KeyRule.NONE;
  }

  /** What compiling a definition led to. */
  public sealed interface Planning {
    /** It can run. */
    record Valid(Plan plan) implements Planning {}

    /** It can't; the mistakes stand in the order of the file. */
    record Invalid(List<Mistake> mistakes) implements Planning {
      public Invalid {
        mistakes = List.copyOf(mistakes);
      }
    }
  }

  /**
   * Compiles a definition with what its files hold.
   *
   * @param places where its values stand, for mistakes
   */
  public static Planning compile(
      Definition definition, Places places, Contents contents, Kinds kinds) {
    return compile(definition, places, contents, kinds, 0);
  }

  /**
   * The same where events come from strangers.
   *
   * @param secret that no sender knows: what results are looked up by in memory depends on it, so
   *     that nobody can choose values that make it slow. It shows in nothing else
   */
  public static Planning compile(
      Definition definition, Places places, Contents contents, Kinds kinds, long secret) {
    return new PlanCompiler(places, contents, kinds, secret).compile(definition);
  }

  /** In the order in which events are offered to them; the last one takes all. */
  List<StreamPlan> streams() {
    return streams;
  }

  Map<String, LookupTable> lookups() {
    return lookups;
  }

  Kinds kinds() {
    return kinds;
  }

  /** The metrics, in the order of the file. */
  public List<MetricPlan> metrics() {
    return metrics;
  }

  /** The views, in the order of the file; only the store can say whether it can keep them. */
  public List<ViewSpec> views() {
    return views;
  }

  /** The keys that events get at the door. Any thread. */
  public KeyRule keys() {
    return keys;
  }

  /** The names of the streams, in the order in which events are offered to them. */
  public List<String> streamNames() {
    return streams.stream().map(StreamPlan::name).toList();
  }

  /**
   * Why somebody should not put this plan in force: fields that the tables can't take, and fields
   * that would say less than they did, as an integer where there was a number. Empty if nothing
   * speaks against it. Changes nothing.
   */
  public List<String> conflicts(EventStore store) {
    List<String> conflicts = conflicts(store, DataSchema::entries);
    for (MetricPlan metric : metrics) {
      if (store.tables().stream().anyMatch(table -> table.name().equals(metric.name()))) {
        conflicts.add(
            "metric %s: the store has a table called so, of a stream that was there once"
                .formatted(metric.name()));
      }
    }
    return conflicts;
  }

  /** Why this plan can't be in force at all: fields that the tables can't take. Changes nothing. */
  public List<String> obstacles(EventStore store) {
    return conflicts(store, schema -> schema.entries().stream().map(Plan::taking).toList());
  }

  /**
   * A field of numbers takes integers as well, so for what it takes it may be called one of them.
   */
  private static DataSchema.Entry taking(DataSchema.Entry field) {
    return field.kind() == DataSchema.Kind.DOUBLE
        ? new DataSchema.Entry(field.id(), field.parent(), field.name(), DataSchema.Kind.LONG)
        : field;
  }

  private List<String> conflicts(
      EventStore store, Function<DataSchema, List<DataSchema.Entry>> fields) {
    List<String> conflicts = new ArrayList<>();
    for (StreamPlan stream : streams) {
      boolean known = store.tables().stream().anyMatch(table -> table.name().equals(stream.name()));
      if (known) {
        List<DataSchema.Entry> entries = fields.apply(store.schema(stream.name()));
        for (String conflict : SchemaFields.conflicts(entries, List.of(stream.tableType()))) {
          conflicts.add("stream %s: %s".formatted(stream.name(), conflict));
        }
      }
    }
    return conflicts;
  }

  /**
   * Makes the tables that this plan writes to, and their fields. A plan that was in force before
   * may be so again, although fields have grown since.
   *
   * @throws IllegalStateException if there are {@link #obstacles}
   */
  public void prepare(EventStore store) {
    for (StreamPlan stream : streams) {
      store.define(stream.table());
    }
    declare(store::schema);
  }

  /** Declares the fields of all streams in the schemas of their tables. */
  public void declare(Function<String, DataSchema> schemas) {
    for (StreamPlan stream : streams) {
      DataSchema schema = schemas.apply(stream.name());
      schema.setClosed(stream.table().declared());
      SchemaFields.declare(schema, stream.tableType());
    }
  }

  /**
   * One that decides on events as this plan says. For one thread.
   *
   * @param schemas the schema of each table, which {@link #prepare} has made
   * @param aggregates what the events are counted in, which has taken up {@link #metrics}; null if
   *     they are not
   * @param version of the definition, for dead letters
   */
  public Processor processor(
      Function<String, DataSchema> schemas,
      Intake intake,
      Memory memory,
      @Nullable Aggregates aggregates,
      int shards,
      long version) {
    return new Processor(this, schemas, intake, memory, aggregates, shards, version);
  }
}
