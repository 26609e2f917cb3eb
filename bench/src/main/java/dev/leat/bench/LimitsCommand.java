package dev.leat.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code leat bench limits}. */
@Command(
    name = "limits",
    mixinStandardHelpOptions = true,
    description = {
      "What the parts allow, each alone: the generator, the disk, DuckDB, the web server, the logs of",
      "Leat and of Kafka, and Leat as far as its acknowledgement, with nobody waiting for the rest."
    })
final class LimitsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private RunOptions options;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Workload logs = new Workloads(options.home()).logs();
    List<Candidate> candidates =
        logs.candidates().stream()
            .filter(one -> options.systems.isEmpty() || options.systems.contains(one.name()))
            .toList();
    Comparison servers =
        new Comparing(logs, candidates, options, spec.commandLine().getErr()).run();
    List<Comparison.Row> rows = new ArrayList<>();
    List<Measurement> runs = new ArrayList<>();
    parts(logs, rows, runs);
    rows.addAll(servers.systems());
    runs.addAll(servers.runs());
    Comparison limits =
        new Comparison(
            "limits",
            "What the parts allow, each alone: 500 orders of about 550 bytes at a time.",
            servers.machine(),
            rows,
            runs);
    Publication.publish(limits, options, spec.commandLine().getOut());
    return 0;
  }

  private void parts(Workload logs, List<Comparison.Row> rows, List<Measurement> runs)
      throws IOException {
    ShopStream stream = (ShopStream) logs.stream().make(System.currentTimeMillis());
    try (TemporaryDirectory temporary = TemporaryDirectory.create(options.temp, options.keep)) {
      for (Limit limit : Limit.all(stream, temporary.path())) {
        if (!options.systems.isEmpty() && !options.systems.contains(limit.name())) {
          continue;
        }
        rows.add(new Comparison.Row(limit.name(), limit.title(), limit.about()));
        limit.run(); // to warm up
        for (int run = 1; run <= options.runs; run++) {
          Stopwatch watch = new Stopwatch();
          long events = limit.run();
          double seconds = watch.seconds();
          double cost = watch.cpuSeconds() * 1e6 / events;
          spec.commandLine()
              .getErr()
              .println(
                  String.format(
                      Locale.ROOT,
                      "%s: %,.0f events/s, %.2f core-seconds per million",
                      limit.title(),
                      events / seconds,
                      cost));
          runs.add(
              new Measurement(
                  limit.name(),
                  run,
                  Map.of("eventsPerSecond", events / seconds, "serverCoreSecondsPerMillion", cost),
                  List.of(),
                  List.of()));
        }
      }
    }
  }
}
