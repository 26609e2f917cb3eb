package dev.leat.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code leat bench} for what needs the peers; the launcher comes here for these names. */
@Command(
    name = "leat bench",
    mixinStandardHelpOptions = true,
    description = {
      "Compare Leat with what one would take instead, on this machine, in turns, with equal results.",
      "Each run of each system begins with nothing, in processes of its own."
    },
    subcommands = {
      CompareCommand.All.class,
      CompareCommand.Shop.class,
      CompareCommand.Single.class,
      CompareCommand.Wide.class,
      CompareCommand.Flights.class,
      CompareCommand.Queries.class,
      LimitsCommand.class,
      ReportCommand.class,
      WindowBench.class
    })
final class PeerBench implements Runnable {
  @Spec private CommandSpec spec;

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new PeerBench()).setCaseInsensitiveEnumValuesAllowed(true);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "What should be compared?");
  }
}
