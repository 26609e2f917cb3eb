package dev.leat.trials;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code leat simulate}. */
@Command(name = "simulate", mixinStandardHelpOptions = true)
final class SimulateCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    return 1;
  }
}
