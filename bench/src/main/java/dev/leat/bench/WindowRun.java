package dev.leat.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * One system, one query, in a process of its own: runs to warm up, then runs to measure. Prints the
 * outcome as one line. Started by {@link WindowBench}.
 *
 * <p>Both systems get the same time to warm up, since a run is so short that the compiler would be
 * most of what is measured; and are measured for so long that ticks of 10 ms, in which the system
 * tells processor time, don't matter.
 */
final class WindowRun {
  private static final int WARM_UPS = 2;
  private static final double WARM_UP_SECONDS = 10;
  private static final double MEASURED_CPU_SECONDS = 1.5;
  private static final Duration CHECKPOINT = Duration.ofSeconds(1);

  private WindowRun() {}

  public static void main(String[] args) throws Exception {
    String system = args[0];
    Query query = Query.valueOf(args[1]);
    Bids bids = Bids.generate(Integer.parseInt(args[2]));
    Path directory = Path.of(args[3]);
    Callable<Outcome> run =
        switch (system) {
          case "leat" -> {
            LeatWindows leat = new LeatWindows(query, bids);
            yield () -> leat.run(directory, CHECKPOINT);
          }
          case "flink" -> () -> FlinkWindows.run(query, bids, directory, CHECKPOINT);
          default -> throw new IllegalArgumentException("no system " + system);
        };
    System.out.println(measure(run).line());
    System.exit(0); // Flink leaves threads behind.
  }

  private static Outcome measure(Callable<Outcome> run) throws Exception {
    Stopwatch warmUp = new Stopwatch();
    for (int i = 0; i < WARM_UPS || warmUp.seconds() < WARM_UP_SECONDS; i++) {
      run.call();
    }
    Outcome outcome = run.call();
    while (outcome.cpuSeconds() < MEASURED_CPU_SECONDS) {
      outcome = outcome.plus(run.call());
    }
    return outcome;
  }
}
