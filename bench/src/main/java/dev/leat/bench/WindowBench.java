package dev.leat.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code leat bench windows}: the windowed queries of Nexmark on Leat and on Flink, in turns
 * (A-B-A-B), each run in a process of its own, on the same events, checked for equal results.
 */
@Command(
    name = "windows",
    mixinStandardHelpOptions = true,
    description = {
      "Compare Leat's windows with Flink's: same events, same machine, one run.",
      "Events are decoded before the clock starts, and both warm up for 10 seconds;"
          + " both write a checkpoint to disk every second."
    })
final class WindowBench implements Callable<Integer> {
  @Option(
      names = "--events",
      description = "bids of one run (default: ${DEFAULT-VALUE})",
      defaultValue = "4000000")
  private int events;

  @Option(
      names = "--runs",
      description = "runs of each system on each query (default: ${DEFAULT-VALUE})",
      defaultValue = "5")
  private int runs;

  @Option(
      names = "--query",
      split = ",",
      description = "which queries: ${COMPLETION-CANDIDATES} (default: all)")
  private List<Query> queries =
      List.of(Query.Q7, Query.Q5, Query.Q11, Query.Q12, Query.SLIDING_1H_1S);

  @Override
  public Integer call() throws IOException, InterruptedException {
    boolean equal = true;
    System.out.println(
        "| query | Leat, events/s per core | spread | Flink, events/s per core | spread | ratio | ratio if every window is asked for once | results |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    try (TemporaryDirectory temporary =
        TemporaryDirectory.create(Path.of(System.getProperty("java.io.tmpdir")), false)) {
      Path directory = temporary.path();
      for (Query query : queries.stream().filter(Query::hasPeer).toList()) {
        List<Outcome> leat = new ArrayList<>();
        List<Outcome> flink = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
          leat.add(measure("leat", query, directory));
          flink.add(measure("flink", query, directory));
        }
        equal &= report(query, leat, flink);
      }
      if (queries.contains(Query.SLIDING_1H_1S)) {
        sliding(directory);
      }
    }
    return equal ? 0 : 1;
  }

  /** What sliding windows cost beside tumbling ones of the same step. */
  private void sliding(Path directory) throws IOException, InterruptedException {
    List<Outcome> tumbling = new ArrayList<>();
    List<Outcome> sliding = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      tumbling.add(measure("leat", Query.TUMBLING_1S, directory));
      sliding.add(measure("leat", Query.SLIDING_1H_1S, directory));
    }
    System.out.printf(
        Locale.ROOT,
        "%nLeat, counts by auction, events/s per core: tumbling 1s %,.0f (%s), sliding 1h every 1s %,.0f (%s); ratio %.2f%n",
        median(tumbling),
        spread(tumbling),
        median(sliding),
        spread(sliding),
        median(sliding) / median(tumbling));
  }

  private Outcome measure(String system, Query query, Path directory)
      throws IOException, InterruptedException {
    List<String> command =
        List.of(
            ProcessHandle.current().info().command().orElse("java"),
            "-Xms2g",
            "-Xmx3g",
            "-XX:+UseParallelGC",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            WindowRun.class.getName(),
            system,
            query.name(),
            Integer.toString(events),
            directory.toString());
    Path errors = directory.resolve("errors");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(
          "%s failed on %s:%n%s".formatted(system, query, Files.readString(errors)));
    }
    return output
        .lines()
        .filter(line -> line.startsWith("outcome "))
        .map(Outcome::parse)
        .findFirst()
        .orElseThrow(() -> new IOException("%s said nothing:%n%s".formatted(system, output)));
  }

  /** One line of the table; whether both came to the same results. */
  private static boolean report(Query query, List<Outcome> leat, List<Outcome> flink) {
    boolean equal =
        Stream.concat(leat.stream(), flink.stream()).map(Outcome::digest).distinct().count() == 1;
    System.out.printf(
        Locale.ROOT,
        "| %s | %,.0f | %s | %,.0f | %s | %.1f | %.1f | %s |%n",
        query.label(),
        median(leat),
        spread(leat),
        median(flink),
        spread(flink),
        median(leat) / median(flink),
        medianWithReading(leat) / median(flink),
        equal ? "equal" : "DIFFERENT: " + leat.getFirst() + " " + flink.getFirst());
    return equal;
  }

  private static double median(List<Outcome> outcomes) {
    return median(outcomes, Outcome::perCore);
  }

  private static double medianWithReading(List<Outcome> outcomes) {
    return median(outcomes, Outcome::perCoreWithReading);
  }

  private static double median(List<Outcome> outcomes, ToDoubleFunction<Outcome> rate) {
    return outcomes.stream()
        .mapToDouble(rate)
        .sorted()
        .skip(outcomes.size() / 2)
        .findFirst()
        .orElseThrow();
  }

  private static String spread(List<Outcome> outcomes) {
    return String.format(
        Locale.ROOT,
        "%,.0f-%,.0f",
        outcomes.stream().mapToDouble(Outcome::perCore).min().orElseThrow(),
        outcomes.stream().mapToDouble(Outcome::perCore).max().orElseThrow());
  }
}
