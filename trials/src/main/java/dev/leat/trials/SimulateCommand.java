package dev.leat.trials;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code leat simulate}. */
@Command(
    name = "simulate",
    description = "Run houses in a simulation where a seed decides everything.",
    mixinStandardHelpOptions = true)
final class SimulateCommand implements Callable<Integer> {
  private static final long SECOND = 1_000_000_000L;

  @Spec private CommandSpec spec;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "How many seeds; default ${DEFAULT-VALUE}.")
  private long seeds = 1_000;

  @Option(
      names = "--from",
      paramLabel = "S",
      description = "The first of them; default ${DEFAULT-VALUE}.")
  private long from = 1;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "This one alone, and say what happens in it.")
  private @Nullable Long one;

  @Override
  public Integer call() {
    Long seed = one;
    return seed == null ? runAll() : runOne(seed);
  }

  private int runOne(long seed) {
    try {
      Simulation.Outcome outcome = Simulation.run(seed, Trace.to(System.out));
      say("seed %d holds: %s", seed, outcome);
      return 0;
    } catch (AssertionError broken) {
      broken.printStackTrace(spec.commandLine().getErr());
      say("seed %d FAILED: %s", seed, broken.getMessage());
      return 1;
    }
  }

  private int runAll() {
    long begun = System.nanoTime();
    long told = begun;
    long acknowledged = 0;
    long steps = 0;
    for (long seed = from; seed < from + seeds; seed++) {
      try {
        Simulation.Outcome outcome = Simulation.run(seed, Trace.silent());
        acknowledged += outcome.acknowledged();
        steps += outcome.steps();
      } catch (AssertionError broken) {
        say("seed %d FAILED: %s", seed, broken.getMessage());
        say("see what happens with: ./leat simulate --seed %d", seed);
        return 1;
      }
      long now = System.nanoTime();
      if (now - told > SECOND || seed == from + seeds - 1) {
        told = now;
        long done = seed - from + 1;
        say(
            "%d of %d seeds, %.1f a second; %d events acknowledged, %d steps, nothing lost, twice or wrong",
            done, seeds, done / ((now - begun) / 1e9), acknowledged, steps);
      }
    }
    return 0;
  }

  @SuppressWarnings("AnnotateFormatMethod") // That needs a library.
  private void say(String text, @Nullable Object... values) {
    spec.commandLine().getOut().println(text.formatted(values));
    spec.commandLine().getOut().flush();
  }
}
