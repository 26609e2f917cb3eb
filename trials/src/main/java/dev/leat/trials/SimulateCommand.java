package dev.leat.trials;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code leat simulate}. */
@Command(
    name = "simulate",
    description = "Run houses in a simulation where a seed decides everything.",
    mixinStandardHelpOptions = true)
final class SimulateCommand implements Callable<Integer> {
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
      names = "--parallel",
      paramLabel = "N",
      description = "How many at a time; default as many as there are cores.")
  private int parallel = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "This one alone, and say what happens in it.")
  private @Nullable Long one;

  @Override
  public Integer call() throws InterruptedException {
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

  private int runAll() throws InterruptedException {
    if (parallel < 1) {
      throw new ParameterException(
          spec.commandLine(), "--parallel must be at least 1, not " + parallel);
    }
    long begun = System.nanoTime();
    ManySeeds.Failed failed =
        new ManySeeds(from, seeds)
            .run(parallel, done -> tell(done, (System.nanoTime() - begun) / 1e9));
    if (failed == null) {
      return 0;
    }
    say("seed %d FAILED: %s", failed.seed(), failed.cause().getMessage());
    say("see what happens with: ./leat simulate --seed %d", failed.seed());
    return 1;
  }

  private void tell(ManySeeds.Totals done, double seconds) {
    say(
        "%d of %d seeds, %.1f a second; %d events acknowledged, %d steps, traces %016x",
        done.seeds(),
        seeds,
        done.seeds() / seconds,
        done.acknowledged(),
        done.steps(),
        done.traceHash());
  }

  @SuppressWarnings("AnnotateFormatMethod") // That needs a library.
  private void say(String text, @Nullable Object... values) {
    spec.commandLine().getOut().println(text.formatted(values));
    spec.commandLine().getOut().flush();
  }
}
