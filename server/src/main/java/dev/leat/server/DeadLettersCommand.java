package dev.leat.server;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code leat dead-letters}. */
@Command(
    name = "dead-letters",
    mixinStandardHelpOptions = true,
    description = "Find, understand and send again the events that failed.",
    subcommands = {
      DeadLetterListCommand.class,
      DeadLetterGroupsCommand.class,
      DeadLetterShowCommand.class,
      DeadLetterReplayCommand.class
    },
    footer = {
      "",
      "  leat dead-letters groups --after -1d",
      "  leat dead-letters show 4711",
      "  leat dead-letters replay --stream orders --reason schema --dry-run"
    })
final class DeadLettersCommand implements Runnable {
  static final String PATH = "/v1/dead-letters";

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "What about them: list, groups, show, or replay?");
  }
}
