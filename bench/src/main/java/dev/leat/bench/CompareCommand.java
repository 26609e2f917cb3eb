package dev.leat.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A comparison of several systems on one workload. */
abstract class CompareCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private RunOptions options;

  /** The comparisons to make, one after the other. */
  abstract List<Workload> workloads(Workloads all);

  @Override
  public Integer call() throws IOException, InterruptedException {
    boolean sound = true;
    for (Workload workload : workloads(new Workloads(options.home()))) {
      List<Candidate> chosen =
          workload.candidates().stream()
              .filter(one -> options.systems.isEmpty() || options.systems.contains(one.name()))
              .toList();
      if (chosen.isEmpty()) {
        throw new ParameterException(
            spec.commandLine(),
            "%s has %s"
                .formatted(
                    workload.name(),
                    String.join(
                        ", ", workload.candidates().stream().map(Candidate::name).toList())));
      }
      Comparison comparison =
          new Comparing(workload, chosen, options, spec.commandLine().getErr()).run();
      Publication.publish(comparison, options, spec.commandLine().getOut());
      sound &= comparison.runs().stream().allMatch(Measurement::sound);
    }
    return sound ? 0 : 1;
  }

  /** {@code leat bench shop}. */
  @Command(
      name = "shop",
      mixinStandardHelpOptions = true,
      description = "The whole work on batches: Leat, Kafka with Flink, Kafka Streams, QuestDB.")
  static final class Shop extends CompareCommand {
    @Override
    List<Workload> workloads(Workloads all) {
      return List.of(all.shop());
    }
  }

  /** {@code leat bench single}. */
  @Command(
      name = "single",
      mixinStandardHelpOptions = true,
      description = "One event a request: Leat, and the same web server doing nothing.")
  static final class Single extends CompareCommand {
    @Override
    List<Workload> workloads(Workloads all) {
      return List.of(all.single());
    }
  }

  /** {@code leat bench wide}. */
  @Command(
      name = "wide",
      mixinStandardHelpOptions = true,
      description = "Events of 2 KiB: Leat, Kafka with Flink, Kafka's log alone.")
  static final class Wide extends CompareCommand {
    @Override
    List<Workload> workloads(Workloads all) {
      return List.of(all.wide());
    }
  }

  /** {@code leat bench flights}. */
  @Command(
      name = "flights",
      mixinStandardHelpOptions = true,
      description = "Real flights through the definition in examples/flights.")
  static final class Flights extends CompareCommand {
    @Mixin private FlightFiles files;

    @Override
    List<Workload> workloads(Workloads all) {
      return files.workload(all);
    }
  }

  /** {@code leat bench queries}. */
  @Command(
      name = "queries",
      mixinStandardHelpOptions = true,
      description = "The shop on a schedule, with and without queries meanwhile.")
  static final class Queries extends CompareCommand {
    @Override
    List<Workload> workloads(Workloads all) {
      return List.of(all.queries());
    }
  }

  /** {@code leat bench all}. */
  @Command(
      name = "all",
      mixinStandardHelpOptions = true,
      description = "shop, single, wide, and flights if there are any.")
  static final class All extends CompareCommand {
    @Mixin private FlightFiles files;

    @Override
    List<Workload> workloads(Workloads all) {
      List<Workload> every = new ArrayList<>(List.of(all.shop(), all.single(), all.wide()));
      every.addAll(files.workload(all));
      return every;
    }
  }

  /** Where the flights are; they are not part of Leat. */
  static final class FlightFiles {
    @Option(
        names = "--flights",
        paramLabel = "FILE",
        description = "flights-3m.parquet of vega-datasets; without it flights are skipped")
    private @Nullable Path parquet;

    @Option(
        names = "--airports",
        paramLabel = "FILE",
        description = "airports.csv; default: beside the flights")
    private @Nullable Path airports;

    List<Workload> workload(Workloads all) {
      if (parquet == null || !Files.isReadable(parquet)) {
        System.err.println(
            "flights: skipped, since "
                + (parquet == null ? "--flights names no file" : parquet + " can't be read"));
        return List.of();
      }
      Path beside = airports == null ? parquet.resolveSibling("airports.csv") : airports;
      return List.of(all.flights(parquet.toAbsolutePath(), beside.toAbsolutePath()));
    }
  }
}
