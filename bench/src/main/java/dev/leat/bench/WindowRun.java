package dev.leat.bench;

import java.nio.file.Path;
import java.time.Duration;

/**
 * One system, one query, in a process of its own: some runs to warm up, one to measure. Prints the
 * outcome as one line. Started by {@link WindowBench}.
 */
final class WindowRun {
  private static final int WARM_UPS = 2;
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
            for (int run = 0; run < WARM_UPS; run++) {
              leat.run(directory, CHECKPOINT);
            }
            yield leat.run(directory, CHECKPOINT);
          }
          case "flink" -> {
            for (int run = 0; run < WARM_UPS; run++) {
              FlinkWindows.run(query, bids, directory, CHECKPOINT);
            }
            yield FlinkWindows.run(query, bids, directory, CHECKPOINT);
          }
          default -> throw new IllegalArgumentException("no system " + system);
        };
    System.out.println(outcome.line());
    System.exit(0); // Flink leaves threads behind.
  }
}
