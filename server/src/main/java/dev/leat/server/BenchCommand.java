package dev.leat.server;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code leat bench}. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measure this machine.",
      "In a checkout there are also all, shop, single, wide, flights, limits, windows and report,"
          + " which compare with Kafka, Flink, QuestDB and others."
    },
    subcommands = {BenchIngestCommand.class, BenchMetersCommand.class, BenchStagesCommand.class})
final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "What should be measured?");
  }
}
