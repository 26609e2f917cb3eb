package dev.leat.trials;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code leat damage}. */
@Command(name = "damage", mixinStandardHelpOptions = true)
final class DamageCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    return 1;
  }
}
