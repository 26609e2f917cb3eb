package dev.leat.trials;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the trials; the only place that ends the process. */
@Command(
    name = "leat",
    description = "Hunt for loss, duplication and wrong answers.",
    mixinStandardHelpOptions = true,
    subcommands = {
      SimulateCommand.class,
      TortureCommand.class,
      DamageCommand.class,
      FlightsCommand.class
    })
final class Trials implements Runnable {
  @Spec private CommandSpec spec;

  public static void main(String[] args) {
    System.exit(new CommandLine(new Trials()).execute(args));
  }

  /** Called when no command is given. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which trial?");
  }
}
