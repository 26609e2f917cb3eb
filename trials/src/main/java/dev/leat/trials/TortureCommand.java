package dev.leat.trials;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code leat torture}. */
@Command(name = "torture", mixinStandardHelpOptions = true)
final class TortureCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    return 1;
  }
}
