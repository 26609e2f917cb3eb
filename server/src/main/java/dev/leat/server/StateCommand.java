package dev.leat.server;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code leat state}. */
@Command(
    name = "state",
    mixinStandardHelpOptions = true,
    description =
        "Look at the versions of a data directory's state, while no server runs on it, and go back to one.",
    subcommands = {StateListCommand.class, StateVerifyCommand.class, StateRollbackCommand.class},
    footer = {
      "",
      "  leat state list --data ./data",
      "  leat state verify --data ./data",
      "  leat state rollback --to 4711 --data ./data"
    })
final class StateCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "What about it: list, verify, or rollback?");
  }
}
