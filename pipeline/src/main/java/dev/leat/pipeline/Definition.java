package dev.leat.pipeline;

import dev.leat.event.ViewSpec;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a Leat is to do, as one YAML file says it; every key has a default, so that the empty file
 * is a definition too.
 *
 * <p>Reading never touches a file: the caller brings the text. An unknown key is a mistake, and all
 * mistakes are reported together.
 *
 * @param data the directory that everything durable lives in, as written
 * @param streams in the order of the file, the one called {@code events} among them
 * @param lookups by name, sorted
 * @param metrics in the order of the file
 * @param views in the order of the file, in which each may name those before it
 * @param alerting who is told of what; it decides nothing about events
 */
public record Definition(
    Server server,
    String data,
    Log log,
    List<StreamSpec> streams,
    SortedMap<String, Lookup> lookups,
    List<MetricSpec> metrics,
    List<ViewSpec> views,
    Alerting alerting) {
  public static final Definition DEFAULTS =
      new Definition(
          new Server("127.0.0.1", 5328),
          "./data",
          new Log(4, Duration.ofDays(2), 64L << 30),
          List.of(StreamSpec.catchAll()),
          Collections.emptySortedMap(),
          List.of(),
          List.of(),
          Alerting.NONE);

  /** Each costs a table, and state in every shard. */
  public static final int MAX_STREAMS = 250;

  public Definition {
    streams = List.copyOf(streams);
    lookups = Collections.unmodifiableSortedMap(new TreeMap<>(lookups));
    metrics = List.copyOf(metrics);
    views = List.copyOf(views);
    DefinitionCheck.check(streams, lookups, metrics, views);
  }

  /** Where the HTTP interface listens; port 0 lets the system choose. */
  public record Server(String host, int port) {
    public Server {
      if (host.isBlank()) {
        throw new IllegalArgumentException("the host is empty");
      }
      if (port < 0 || port > 65_535) {
        throw new IllegalArgumentException("a port lies between 0 and 65535, not " + port);
      }
    }
  }

  /**
   * How the durable log is kept.
   *
   * @param partitions how many shards share the work; fixed once the data directory exists
   * @param retention how long events stay in the log at least after they were stored in the tables,
   *     unless the budget forces them out
   * @param budgetBytes the most the log may occupy on disk
   */
  public record Log(int partitions, Duration retention, long budgetBytes) {
    public static final int MAX_PARTITIONS = 1_024;
    public static final long MIN_BUDGET_BYTES = 256L << 20;

    public Log {
      if (partitions < 1 || partitions > MAX_PARTITIONS) {
        throw new IllegalArgumentException(
            "partitions lie between 1 and %d, not %d".formatted(MAX_PARTITIONS, partitions));
      }
      if (retention.isNegative()) {
        throw new IllegalArgumentException("retention is negative");
      }
      if (budgetBytes < MIN_BUDGET_BYTES) {
        throw new IllegalArgumentException(
            "the budget is at least %s, not %s"
                .formatted(Quantities.size(MIN_BUDGET_BYTES), Quantities.size(budgetBytes)));
      }
    }
  }

  /** What reading a definition led to. */
  public sealed interface Reading {
    /**
     * The file is right, as far as that can be said without its schemas.
     *
     * @param places for mistakes that show later
     */
    record Valid(Definition definition, Places places) implements Reading {}

    /** The file is wrong; the mistakes stand in the order of the file. */
    record Invalid(List<Mistake> mistakes) implements Reading {
      public Invalid {
        mistakes = List.copyOf(mistakes);
      }
    }
  }

  /** Reads a definition from the text of a YAML file. */
  public static Reading parse(String yaml) {
    return parse(yaml, Kinds.BUILT_IN);
  }

  /** Reads a definition that may use more kinds of steps and lookups than Leat itself has. */
  public static Reading parse(String yaml, Kinds kinds) {
    return DefinitionReader.read(yaml, kinds);
  }

  public Definition withServer(Server changed) {
    return new Definition(changed, data, log, streams, lookups, metrics, views, alerting);
  }

  public Definition withData(String changed) {
    return new Definition(server, changed, log, streams, lookups, metrics, views, alerting);
  }

  /** The stream with this name, if there is one. */
  public Optional<StreamSpec> stream(String name) {
    return streams.stream().filter(stream -> stream.name().equals(name)).findFirst();
  }

  /** The effective definition as YAML, every default spelled out. */
  public String toYaml() {
    return DefinitionWriter.all(this);
  }

  /**
   * The parts that decide what happens to events, as YAML in canonical form. Definitions that treat
   * events the same way but for their files have the same bytes, whatever else they say; the text
   * is a definition too.
   */
  public String pipelineYaml() {
    return DefinitionWriter.pipeline(this);
  }
}
