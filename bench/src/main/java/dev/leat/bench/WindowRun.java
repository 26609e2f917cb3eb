package dev.leat.bench;

import java.nio.file.Path;
import java.time.Duration;

/**
 * One system, one query, in a process of its own: once to warm up, once to measure. Prints the
 * outcome as one line. Started by {@link WindowBench}.
 */
final class WindowRun {
  private static final Duration CHECKPOINT = Duration.ofSeconds(1);

  private WindowRun() {}

  public static void main(String[] args) throws Exception {
    String system = args[0];
    Query query = Query.valueOf(args[1]);
    Bids bids = Bids.generate(Integer.parseInt(args[2]));
    Path directory = Path.of(args[3]);
    Outcome outcome =
        switch (system) {
          case "leat" -> {
            LeatWindows leat = new LeatWindows(query, bids);
            leat.run(directory, CHECKPOINT);
            yield leat.run(directory, CHECKPOINT);
          }
          case "flink" -> {
            FlinkWindows.run(query, bids, directory, CHECKPOINT);
            yield FlinkWindows.run(query, bids, directory, CHECKPOINT);
          }
          default -> throw new IllegalArgumentException("no system " + system);
        };
    System.out.println(outcome.line());
    System.exit(0); // Flink leaves threads behind.
  }
}
